"""when lessons changed; indexes are to take them in

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("course") as batch:
        batch.add_column(
            sa.Column("changed_in", sa.BigInteger(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("course") as batch:
        batch.alter_column("changed_in", server_default=None)
    # An index that stands at this number knows no lessons.
    op.execute("UPDATE knowledge_change SET number = number + 1")


def downgrade() -> None:
    with op.batch_alter_table("course") as batch:
        batch.drop_column("changed_in")
