"""old days of usage are sealed; message hashes know when they came

Going back drops sealed days: `paceline fold --rebuild` makes their figures again.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_sealed",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("days", sa.LargeBinary(), nullable=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.Column("slots", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_usage_sealed_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "block", name=op.f("pk_usage_sealed")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("usage_sealed", "account_id", shared=False):
            op.execute(statement)
    with op.batch_alter_table("usage_account") as batch:
        batch.add_column(sa.Column("forgotten", sa.LargeBinary()))
    with op.batch_alter_table("usage_quarantine") as batch:
        batch.add_column(
            sa.Column("reason", sa.String(20), nullable=False, server_default="")
        )
    with op.batch_alter_table("usage_seen") as batch:
        batch.add_column(sa.Column("changed_on", sa.Date()))
    op.execute("UPDATE usage_seen SET changed_on = CURRENT_DATE")
    with op.batch_alter_table("usage_seen") as batch:
        batch.alter_column("changed_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("usage_seen") as batch:
        batch.drop_column("changed_on")
    op.execute("DELETE FROM usage_quarantine WHERE reason <> ''")
    with op.batch_alter_table("usage_quarantine") as batch:
        batch.drop_column("reason")
    with op.batch_alter_table("usage_account") as batch:
        batch.drop_column("forgotten")
    op.drop_table("usage_sealed")
