"""people may switch single keys off; several feeds of one person, each with a name and its last use

Revision ID: 0063
Revises: 0062
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

MOMENT = portal.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("portal_user") as table:
        table.add_column(
            sa.Column("letter_keys", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("feed_token") as table:
        table.add_column(sa.Column("name", sa.String(60), nullable=False, server_default=""))
        table.add_column(sa.Column("used_at", MOMENT))


def downgrade() -> None:
    with op.batch_alter_table("feed_token") as table:
        table.drop_column("used_at")
        table.drop_column("name")
    with op.batch_alter_table("portal_user") as table:
        table.drop_column("letter_keys")
