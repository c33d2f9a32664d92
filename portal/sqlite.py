"""What SQLite wants to be told, and what lies beside the main file.

On SQLite one writer holds a whole file. So what the door appends lies beside the main one, and no
fold or form ever holds it up: requests in the files of `<name>-journal/` (portal/journal.py), what
is left of quotas in `<name>-inbox.db`. Both are made where they are missing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateColumn, CreateTable

BUSY_MILLISECONDS = 15_000
# Writers wait as long as a checkpoint does.
CHECKPOINT_MILLISECONDS = 1_000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    # What is erased is not left on the file's free pages, however SQLite was built.
    "secure_delete=ON",
)
# Of each connection, and a web process has eight and more: what is read often lies in the system's
# cache anyway.
MAIN_CACHE = "cache_size=-2000"


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


def checkpoint(connection: Any) -> bool:
    """Whether all that the log beside the main file held is in that file now, and the log empty:
    until then it keeps pages as they were. Not while somebody reads what they replaced.
    """
    connection.exec_driver_sql(f"PRAGMA busy_timeout={CHECKPOINT_MILLISECONDS}")
    try:
        busy, _pages, _written = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    return not busy


def quotas_url(url: str) -> str:
    name, ending = _split(url)
    return make_url(url).set(database=f"{name}-inbox{ending}").render_as_string(hide_password=False)


def journal_folder(url: str) -> Path:
    return Path(f"{_split(url)[0]}-journal")


def _split(url: str) -> tuple[str, str]:
    """The main file's path without its ending, and that."""
    file = Path(str(make_url(url).database))
    return str(file.with_suffix("")), file.suffix


def prepare_quotas(connection: Any, tables: Sequence[Table]) -> None:
    """Makes the tables."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    for table in tables:
        made = CreateTable(table, if_not_exists=True).compile(dialect=sqlite.dialect())
        connection.execute(str(made))
        _add_columns(connection, table)
    connection.execute("COMMIT")


def _add_columns(connection: Any, table: Table) -> None:
    """Those that a file of an earlier release does not have yet."""
    known = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
    for column in table.columns:
        if column.name not in known:
            made = CreateColumn(column).compile(dialect=sqlite.dialect())
            connection.execute(f"ALTER TABLE {table.name} ADD COLUMN {made}")
