"""the vendor may share health scores with champions

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("vendor") as batch:
        batch.add_column(
            sa.Column("share_health", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("vendor") as batch:
        batch.alter_column("share_health", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("vendor") as batch:
        batch.drop_column("share_health")
