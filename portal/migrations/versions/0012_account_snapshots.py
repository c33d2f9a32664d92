"""accounts' figures for lists of many; which fold changed an ended day

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "usage_account",
        sa.Column("ended_version", sa.BigInteger(), nullable=False, server_default="0"),
    )
    account = sa.ForeignKey(
        "account.id", name=op.f("fk_account_snapshot_account_id"), ondelete="CASCADE"
    )
    op.create_table(
        "account_snapshot",
        sa.Column("account_id", sa.BigInteger(), account, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("people_version", sa.Integer(), nullable=False),
        sa.Column("provisioned", sa.Integer(), nullable=False),
        sa.Column("mau", sa.Integer(), nullable=False),
        sa.Column("mau_provisioned", sa.Integer(), nullable=False),
        sa.Column("mau_before", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_snapshot")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("account_snapshot", "account_id", shared=False):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("account_snapshot")
    with op.batch_alter_table("usage_account") as batch:
        batch.drop_column("ended_version")
