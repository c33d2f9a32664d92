"""where an answer to a mail goes

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail") as mail:
        mail.add_column(
            sa.Column("reply_to", sa.String(254), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("mail") as mail:
        mail.drop_column("reply_to")
