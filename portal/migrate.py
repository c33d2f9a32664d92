"""Bring a database to the newest migration."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from portal.db import Database
from portal.revisions import FOLDER

# One number that this project alone uses, so that two migrating nodes wait for each other.
ADVISORY_LOCK = 7_201_934_455


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def migrate(database: Database, revision: str = "head") -> None:
    """Upgrades in one transaction; a second node that starts meanwhile waits."""
    with _changing(database) as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    with _changing(database) as connection:
        command.downgrade(alembic_config(connection), revision)


@contextmanager
def _changing(database: Database) -> Iterator[Connection]:
    """One transaction over all accounts. SQLite changes a table by making it anew, and dropping
    the old one would delete every row that refers to it: so its foreign keys rest meanwhile, and
    all of them are checked before the commit.
    """
    with database.engine.execution_options(paceline_writes=True).connect() as connection:
        _rest_keys(connection, rest=True)
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("SELECT set_config('paceline.accounts', '*', true)")
                _alone(connection)
                yield connection
                _check_keys(connection)
        finally:
            _rest_keys(connection, rest=False)


def _rest_keys(connection: Connection, *, rest: bool) -> None:
    """Outside of a transaction: within one SQLite passes over it in silence."""
    if connection.dialect.name == "sqlite":
        opened: Any = connection.connection.driver_connection
        opened.execute(f"PRAGMA foreign_keys={'OFF' if rest else 'ON'}")


def _check_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"a migration left a row without its parent: {tuple(broken)}")


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
