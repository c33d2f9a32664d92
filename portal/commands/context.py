"""What a command works with. Nothing is opened before a command asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from portal.config import Settings, read_settings
from portal.db import Database
from portal.logging import configure_logging
from portal.search import Engine, Told
from portal.services.search_index import FOLDER, reindex
from portal.tenancy import system_scope


class Runtime:
    @cached_property
    def settings(self) -> Settings:
        settings = read_settings()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        configure_logging(settings.environment)
        return settings

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database)

    @contextmanager
    def session(self, *, writes: bool = True) -> Iterator[Session]:
        """A session over all accounts, as "cli"."""
        scope = system_scope(datetime.now(UTC), "cli", actor="command line")
        with self.database.session(scope, writes=writes) as session:
            yield session

    def close(self) -> None:
        if "database" in vars(self):
            self.database.dispose()

    def build_search_index(self, told: Told | None = None) -> int:
        """Makes the index of this node anew; how many texts are in it. Until the new one is whole
        the old one answers.
        """
        engine = Engine(self.settings.data_dir / FOLDER)
        with self.session(writes=False) as session:
            return reindex(session, engine, told)
