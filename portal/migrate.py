"""Bring a database to the newest migration, and tell which one it has."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from portal.db import Database

FOLDER = Path(__file__).parent / "migrations"
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
    with database.system() as connection:
        _alone(connection)
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    with database.system() as connection:
        _alone(connection)
        command.downgrade(alembic_config(connection), revision)


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")


def newest() -> str:
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def current(database: Database) -> str:
    """The revision that the database has; empty where it has none."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""
