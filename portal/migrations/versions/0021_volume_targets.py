"""targets of series of business volume, which have longer names

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("metric_target") as batch:
        batch.alter_column(
            "metric", existing_type=sa.String(40), type_=sa.String(100), existing_nullable=False
        )


def downgrade() -> None:
    """What an older release does not know goes."""
    op.execute(sa.text("DELETE FROM metric_target WHERE metric LIKE 'volume:%'"))
    with op.batch_alter_table("metric_target") as batch:
        batch.alter_column(
            "metric", existing_type=sa.String(100), type_=sa.String(40), existing_nullable=False
        )
