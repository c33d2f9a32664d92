"""Which migration a database has, and which one is the newest: without the tool that migrates, so
that a process that serves need not hold it.
"""

from pathlib import Path

from sqlalchemy import column, inspect, select, table

from portal.db import Database

FOLDER = Path(__file__).parent / "migrations"
_KEPT = table("alembic_version", column("version_num"))


def newest() -> str:
    """Files are named after their revisions, `0001_baseline.py`, one after the other."""
    files = (FOLDER / "versions").glob("[0-9]*_*.py")
    return max((file.name.partition("_")[0] for file in files), default="")


def current(database: Database) -> str:
    """The revision that the database has; empty where it has none."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(_KEPT.name):
            return ""
        return connection.scalar(select(_KEPT.c.version_num)) or ""
