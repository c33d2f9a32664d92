"""how far the journal of accepted requests is folded

Revision ID: 0027
Revises: 0026
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COLUMNS = "received_at, bound_id, key_id, messages, kind, body, replay"
ROWS_AT_ONCE = 500


def upgrade() -> None:
    """What waits in the database that was the inbox on SQLite moves to the main file, from where it
    is folded too. Nobody reads it there any more.
    """
    op.create_table(
        "usage_journal",
        sa.Column("part", sa.String(60), nullable=False),
        sa.Column("folded_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_usage_journal")),
    )
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        folded_to = bind.exec_driver_sql("SELECT max(inbox_to) FROM usage_fold").scalar() or 0
        _move(bind, folded_to)
    with op.batch_alter_table("usage_fold") as batch:
        batch.drop_column("inbox_to")


def downgrade() -> None:
    """The release before knows no journal: fold first. It numbers by the clock's microseconds, so
    what is still in the old inbox counts as folded.
    """
    with op.batch_alter_table("usage_fold") as batch:
        batch.add_column(sa.Column("inbox_to", sa.BigInteger()))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "UPDATE usage_fold SET inbox_to ="
            " CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"
        )
    op.drop_table("usage_journal")


def _move(bind: sa.Connection, folded_to: int) -> None:
    main = Path(str(bind.engine.url.database))
    inbox = main.with_name(f"{main.stem}-inbox{main.suffix}")
    if not inbox.exists():
        return
    with closing(sqlite3.connect(inbox)) as connection:
        known = "SELECT 1 FROM sqlite_master WHERE name = 'usage_inbox'"
        if connection.execute(known).fetchone() is None:
            return
        rows = connection.execute(
            f"SELECT {COLUMNS} FROM usage_inbox WHERE id > ? ORDER BY id",  # noqa: S608 # constants of this module
            (folded_to,),
        )
        while some := rows.fetchmany(ROWS_AT_ONCE):
            bind.exec_driver_sql(
                f"INSERT INTO usage_inbox ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 # constants of this module
                some,
            )
