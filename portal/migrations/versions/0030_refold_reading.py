"""how much of the log a refold has read

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMNS = ("messages", "messages_read")


def upgrade() -> None:
    with op.batch_alter_table("usage_refold") as batch:
        for name in COLUMNS:
            batch.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("usage_refold") as batch:
        for name in COLUMNS:
            batch.drop_column(name)
