"""quotas of write keys

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_key") as batch:
        batch.add_column(sa.Column("events_per_minute", sa.Integer()))
        batch.add_column(sa.Column("requests_per_minute", sa.Integer()))
    op.create_table(
        "usage_quota",
        sa.Column("key_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("events", sa.Double(), nullable=False),
        sa.Column("requests", sa.Double(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("refused_requests", sa.BigInteger(), nullable=False),
        sa.Column("refused_events", sa.BigInteger(), nullable=False),
        sa.Column("refused_at", sa.Double()),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_usage_quota")),
    )


def downgrade() -> None:
    op.drop_table("usage_quota")
    with op.batch_alter_table("api_key") as batch:
        batch.drop_column("requests_per_minute")
        batch.drop_column("events_per_minute")
