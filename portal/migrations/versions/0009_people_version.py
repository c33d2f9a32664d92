"""when an account's list of persons changed

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(
            sa.Column("people_version", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("account") as batch:
        batch.alter_column("people_version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.drop_column("people_version")
