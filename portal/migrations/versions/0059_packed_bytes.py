"""bytes that are packed already are not compressed once more by PostgreSQL

Requests and sealed rows are compressed by us, hashes can't be: trying costs each insert, for
nothing. Rows that are there stay as they are.

Revision ID: 0059
Revises: 0058
"""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

PACKED = (
    ("usage_inbox", "body"),
    ("usage_log", "body"),
    ("usage_seen", "hashes"),
    ("usage_sealed", "days"),
    ("usage_sealed", "names"),
    ("usage_sealed", "slots"),
    ("usage_archive", "body"),
)


def upgrade() -> None:
    _store("EXTERNAL")


def downgrade() -> None:
    _store("EXTENDED")


def _store(how: str) -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for table, column in PACKED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {how}")
