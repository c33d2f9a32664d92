"""messages whose time cannot be, by account and key

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_mistimed",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("account_key", sa.String(200), nullable=False),
        sa.Column("key_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("last_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("sample", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "reason", "account_key", "key_id", name=op.f("pk_usage_mistimed")
        ),
    )


def downgrade() -> None:
    op.drop_table("usage_mistimed")
