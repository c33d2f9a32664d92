"""usage by name and day: how often each person, beyond once

Revision ID: 0057
Revises: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("usage_name_day", sa.Column("repeats", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("usage_name_day") as batch:
        batch.drop_column("repeats")
