"""champions choose whether a weekly mail names their next step

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("portal_user") as batch:
        batch.add_column(
            sa.Column("step_mail", sa.Boolean(), nullable=False, server_default=sa.true())
        )


def downgrade() -> None:
    with op.batch_alter_table("portal_user") as batch:
        batch.drop_column("step_mail")
