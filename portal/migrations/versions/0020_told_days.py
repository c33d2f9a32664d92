"""daily usage told as sums

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OPEN = sa.text("NOT settled")


def upgrade() -> None:
    op.create_table(
        "usage_told",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counted_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_usage_told_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "day", "external_id", "name", name=op.f("pk_usage_told")
        ),
    )
    op.create_index(
        "ix_usage_told_open",
        "usage_told",
        ["account_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("usage_told", "account_id", shared=False):
            op.execute(statement)
    with op.batch_alter_table("usage_account") as batch:
        batch.add_column(sa.Column("told", sa.LargeBinary()))


def downgrade() -> None:
    """Figures keep what was told until a rebuild; the release before knows of events alone."""
    with op.batch_alter_table("usage_account") as batch:
        batch.drop_column("told")
    op.drop_table("usage_told")
