"""how far the inbox is folded, where it is a file of its own

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waits in the main file's table is folded from there: nothing has to move."""
    with op.batch_alter_table("usage_fold") as batch:
        batch.add_column(sa.Column("inbox_to", sa.BigInteger()))


def downgrade() -> None:
    """The release before knows no second file: fold first."""
    with op.batch_alter_table("usage_fold") as batch:
        batch.drop_column("inbox_to")
