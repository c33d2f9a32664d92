"""what lies in the archive can be told from what came too late

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("usage_archive") as batch:
        batch.add_column(sa.Column("known", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("usage_archive") as batch:
        batch.drop_column("known")
