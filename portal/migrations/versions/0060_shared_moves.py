"""shared requests: when one last moved, or began to be read by customers

Revision ID: 0060
Revises: 0059
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

MOMENT = portal.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("shared_request") as table:
        table.add_column(sa.Column("moved_at", MOMENT))
        table.create_index("ix_shared_request_moved_at", ["moved_at"])
    # What has moved since cannot be known: the last change of any kind stands for it.
    op.execute("UPDATE shared_request SET moved_at = updated_at")


def downgrade() -> None:
    with op.batch_alter_table("shared_request") as table:
        table.drop_index("ix_shared_request_moved_at")
        table.drop_column("moved_at")
