"""whether any newest score or any assignment has changed, told by one sum each

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLES = ("account_assignment", "health_newest")


def upgrade() -> None:
    for table in TABLES:
        column = sa.Column("revision", sa.BigInteger(), nullable=False, server_default="0")
        op.add_column(table, column)


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "revision")
