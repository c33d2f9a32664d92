"""forms that made something, so that none does twice

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sent_form")),
    )


def downgrade() -> None:
    op.drop_table("sent_form")
