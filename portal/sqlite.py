"""What SQLite wants to be told, and the second file: the inbox of usage events.

On SQLite one writer holds a whole file. So what the door appends lies beside the main file, in
`<name>-inbox.db`, and no fold or form ever holds it up. The file is made where it is missing.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateColumn, CreateTable

BUSY_MILLISECONDS = 15_000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "foreign_keys=ON",
    "temp_store=MEMORY",
)
MAIN_CACHE = "cache_size=-32000"
# Bodies of a hundred events take one or two pages of this size: fewer to write at each commit.
INBOX_PAGE = "page_size=8192"
RAISE_NUMBERS = """
    UPDATE sqlite_sequence
    SET seq = max(seq, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER))
    WHERE name = ?
"""
BEGIN_NUMBERS = """
    INSERT INTO sqlite_sequence (name, seq)
    VALUES (?, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER))
"""


def prepare(connection: Any, _record: Any) -> None:
    """The driver's own transaction control is switched off: `begin` says BEGIN itself."""
    connection.isolation_level = None
    for pragma in (*PRAGMAS, MAIN_CACHE):
        connection.execute(f"PRAGMA {pragma}")


def begin(connection: Any) -> None:
    options = connection.get_execution_options()
    if options.get("paceline_begins", True):
        writes = options.get("paceline_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def inbox_url(url: str) -> str:
    parts = make_url(url)
    stem, dot, ending = str(parts.database).rpartition(".")
    name = f"{stem}-inbox.{ending}" if dot and "/" not in ending else f"{parts.database}-inbox"
    return parts.set(database=name).render_as_string(hide_password=False)


def prepare_inbox(connection: Any, tables: Sequence[Table]) -> None:
    """Makes the tables. Numbers go on from the clock's microseconds: so the rows of a file that is
    new, or that a copy of an earlier day was put in place of, never take a number that the main
    file knows as folded.
    """
    connection.isolation_level = None
    for pragma in (INBOX_PAGE, *PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    for table in tables:
        made = CreateTable(table, if_not_exists=True).compile(dialect=sqlite.dialect())
        connection.execute(str(made))
        _add_columns(connection, table)
        if table.dialect_options["sqlite"]["autoincrement"]:
            _continue_from_clock(connection, table.name)
    connection.execute("COMMIT")


def _add_columns(connection: Any, table: Table) -> None:
    """Those that a file of an earlier release does not have yet."""
    known = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
    for column in table.columns:
        if column.name not in known:
            made = CreateColumn(column).compile(dialect=sqlite.dialect())
            connection.execute(f"ALTER TABLE {table.name} ADD COLUMN {made}")


def _continue_from_clock(connection: Any, table: str) -> None:
    raised = connection.execute(RAISE_NUMBERS, (table,))
    if not raised.rowcount:
        connection.execute(BEGIN_NUMBERS, (table,))
