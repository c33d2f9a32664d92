"""texts whose owner was reminded; links that lead nowhere

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("knowledge_item", sa.Column("reminded_for", sa.Date()))
    op.create_table(
        "knowledge_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("target", sa.String(500), nullable=False),
        sa.Column("trouble", sa.String(16), nullable=False),
        sa.Column("found_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_item.id"],
            name=op.f("fk_knowledge_link_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_link")),
        sa.UniqueConstraint(
            "item_id",
            "locale",
            "target",
            "trouble",
            name=op.f("uq_knowledge_link_item_id_locale_target_trouble"),
        ),
    )


def downgrade() -> None:
    op.drop_table("knowledge_link")
    op.drop_column("knowledge_item", "reminded_for")
