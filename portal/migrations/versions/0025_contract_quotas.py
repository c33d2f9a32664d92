"""quotas of editions and accounts

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create("edition_quota", "edition_id", "edition.id")
    _create("account_quota", "account_id", "account.id")
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("account_quota", "account_id", shared=False):
            op.execute(statement)


def _create(table: str, owner: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column(owner, sa.BigInteger(), nullable=False),
        sa.Column("measure", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint([owner], [of], name=op.f(f"fk_{table}_{owner}"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(owner, "measure", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("account_quota")
    op.drop_table("edition_quota")
