"""shared requests: their issue in the vendor's own tracker

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

MOMENT = portal.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shared_tracker",
        sa.Column("shared_id", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.String(8), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("heard_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["shared_id"],
            ["shared_request.id"],
            name=op.f("fk_shared_tracker_shared_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shared_id", name=op.f("pk_shared_tracker")),
        info={"vendor_only": True},
    )
    op.create_index("ix_shared_tracker_url", "shared_tracker", ["url"])


def downgrade() -> None:
    op.drop_table("shared_tracker")
