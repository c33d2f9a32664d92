"""requests with usage that were refused whole

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_request",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("door", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("key_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hint", sa.String(4), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("last_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "door", "reason", "key_id", "hint", name=op.f("pk_refused_request")
        ),
    )


def downgrade() -> None:
    op.drop_table("refused_request")
