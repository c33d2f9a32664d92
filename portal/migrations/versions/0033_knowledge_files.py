"""pictures in texts of the hub

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_file",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("stored_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_knowledge_file")),
    )
    op.create_table(
        "knowledge_file_use",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_item.id"],
            name=op.f("fk_knowledge_file_use_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "item_id", name=op.f("pk_knowledge_file_use")),
    )
    op.create_index(op.f("ix_knowledge_file_use_item_id"), "knowledge_file_use", ["item_id"])


def downgrade() -> None:
    op.drop_table("knowledge_file_use")
    op.drop_table("knowledge_file")
