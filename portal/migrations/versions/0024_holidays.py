"""whose public holidays an account keeps

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("holidays", sa.String(length=16), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("account", "holidays")
