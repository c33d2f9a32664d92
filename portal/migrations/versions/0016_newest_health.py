"""each account's newest health score, for lists of many

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    account = sa.ForeignKey(
        "account.id", name=op.f("fk_health_newest_account_id"), ondelete="CASCADE"
    )
    op.create_table(
        "health_newest",
        sa.Column("account_id", sa.BigInteger(), account, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("band", sa.String(8), nullable=False),
        sa.Column("before", sa.Integer()),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_health_newest")),
    )
    # The week before is filled in by the next night.
    op.execute(
        "INSERT INTO health_newest (account_id, day, score, band) "
        "SELECT d.account_id, d.day, d.score, d.band FROM health_day d JOIN "
        "(SELECT account_id, max(day) AS day FROM health_day GROUP BY account_id) n "
        "ON n.account_id = d.account_id AND n.day = d.day"
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("health_newest", "account_id", shared=False):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("health_newest")
