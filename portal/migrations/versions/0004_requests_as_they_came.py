"""the inbox and the log keep requests as they came, with their kind and key

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("usage_inbox", "usage_log")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("kind", sa.String(8), nullable=False, server_default=""))
            batch.add_column(sa.Column("key_id", sa.BigInteger()))
    if op.get_bind().dialect.name == "postgresql":
        # Rows of the log brought their number from the inbox; from now on the log numbers them.
        op.execute(
            "SELECT setval(pg_get_serial_sequence('usage_log', 'id'), max(id)) "
            "FROM usage_log HAVING max(id) IS NOT NULL"
        )


def downgrade() -> None:
    """Requests kept as they came cannot be read by the release before: fold first."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("key_id")
            batch.drop_column("kind")
