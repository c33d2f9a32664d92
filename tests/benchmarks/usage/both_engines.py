"""Databases on both engines, made once and copied for each measurement."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Json
from sqlalchemy import JSON, func, select

from portal.db import Base, Database
from tests.benchmarks.usage.kept import NAME
from tests.databases import make_tables
from tests.postgres import Server, shared_server, stop_shared_server


class Place(ABC):
    """Where databases of one engine are made; each is known by its address."""

    name: str

    @abstractmethod
    def empty(self) -> str: ...

    @abstractmethod
    def copy(self, url: str) -> str:
        """Of a database that nobody has open."""

    @abstractmethod
    def drop(self, url: str) -> None: ...

    @abstractmethod
    def filled(self, file: Path) -> str:
        """With the rows of a kept SQLite file."""


class Sqlite(Place):
    """Each in a folder of its own, with whatever lies beside it."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()

    def empty(self) -> str:
        url = self._url(self._next(made=True))
        make_tables(url)
        return url

    def copy(self, url: str) -> str:
        folder = self._next(made=False)
        shutil.copytree(self._folder_of(url), folder)
        return self._url(folder)

    def drop(self, url: str) -> None:
        shutil.rmtree(self._folder_of(url))

    def filled(self, file: Path) -> str:
        folder = self._next(made=True)
        shutil.copy(file, folder / NAME)
        url = self._url(folder)
        make_tables(url)
        return url

    def _next(self, *, made: bool) -> Path:
        folder = self._folder / f"sqlite-{next(self._numbers)}"
        if made:
            folder.mkdir()
        return folder

    def _url(self, folder: Path) -> str:
        return f"sqlite:///{folder / NAME}"

    def _folder_of(self, url: str) -> Path:
        return Path(url.removeprefix("sqlite:///")).parent


class Postgres(Place):
    name = "PostgreSQL"

    def __init__(self, server: Server, files: Sqlite) -> None:
        self._server, self._files, self._numbers = server, files, count()

    def empty(self) -> str:
        url = self._server.create(self._next())
        make_tables(url)
        return url

    def copy(self, url: str) -> str:
        return self._server.create(self._next(), template=self._name(url))

    def drop(self, url: str) -> None:
        self._server.drop(self._name(url))

    def filled(self, file: Path) -> str:
        url = self.empty()
        self._server.empty(self._name(url))
        migrated = self._files.filled(file)
        source = Database(migrated)
        address = make_conninfo(self._server.superuser, dbname=self._name(url))
        with psycopg.connect(address) as target:
            target.execute("SET session_replication_role = replica")
            for table in Base.metadata.sorted_tables:
                _copy_table(source, target, table)
        source.dispose()
        self._files.drop(migrated)
        with psycopg.connect(address, autocommit=True) as target:
            target.execute("VACUUM ANALYZE")
        return url

    def _next(self) -> str:
        return f"fold_{next(self._numbers)}"

    def _name(self, url: str) -> str:
        return url.rpartition("/")[2].partition("?")[0]


def _copy_table(source: Database, target: psycopg.Connection, table: Any) -> None:
    columns = list(table.c)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
    )
    jsons = [isinstance(column.type, JSON) for column in columns]
    with source.engine.connect() as connection, target.cursor() as cursor:
        if not connection.scalar(select(func.count()).select_from(table)):
            return
        rows = connection.execution_options(yield_per=5_000).execute(select(table))
        with cursor.copy(into) as copy:
            for row in rows:
                pairs = zip(row, jsons, strict=True)
                copy.write_row([Json(value) if is_json else value for value, is_json in pairs])


@contextmanager
def both_engines(scratch: Path) -> Iterator[list[Place]]:
    """An SQLite in the folder and a private PostgreSQL; both are gone afterwards."""
    own = scratch / "postgresql"
    own.mkdir()
    scratch.chmod(0o755)
    try:
        files = Sqlite(scratch)
        yield [files, Postgres(shared_server(own), files)]
    finally:
        stop_shared_server(own)
