"""segments, lifecycle stages, groups of accounts

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(
            sa.Column("stage", sa.String(24), nullable=False, server_default="steady_use")
        )
        batch.add_column(sa.Column("stage_since", sa.Date()))
        batch.add_column(sa.Column("parent_id", sa.BigInteger()))
        batch.create_foreign_key(
            "fk_account_parent_id", "account", ["parent_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index("ix_account_parent_id", ["parent_id"])
    with op.batch_alter_table("account") as batch:
        batch.alter_column("stage", server_default=None)
    op.create_table(
        "segment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("name_zh", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tiers", sa.JSON(), nullable=False),
        sa.Column("industries", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("key", name=op.f("uq_segment_key")),
    )


def downgrade() -> None:
    op.drop_table("segment")
    with op.batch_alter_table("account") as batch:
        batch.drop_index("ix_account_parent_id")
        batch.drop_constraint("fk_account_parent_id", type_="foreignkey")
        batch.drop_column("parent_id")
        batch.drop_column("stage_since")
        batch.drop_column("stage")
