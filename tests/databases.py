"""Fixtures for tests with a database: the same test on SQLite and on PostgreSQL.

- `database`: a portal.db.Database with every table, all of them empty, on both engines.
- `database_url`: its address, for tests that start processes.
- `blank_url`: the address of a database without any table, on both engines: for migrations.
- `sqlite_database`: as `database` on SQLite alone, where the engine cannot matter.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.postgres import Server, shared_server, stop_shared_server

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from portal.db import Database

RUN_FOLDER = "PACELINE_TEST_RUN"
ENOUGH_MEMORY = 4 * 2**30  # bytes
ENGINES = ("sqlite", "postgresql")
# Threads of an application that work behind the back of its readers.
CARRIERS = {"reindex", "search notes", "turned away"}


def pytest_configure(config: pytest.Config) -> None:
    """The run's folder, made before xdist starts its workers, which inherit its name."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="paceline-", dir=_quick_place())
        # Others run there, too: PostgreSQL's user below it, browsers.
        Path(folder).chmod(0o755)
        os.environ[RUN_FOLDER] = os.environ["PYTEST_DEBUG_TEMPROOT"] = folder


def _quick_place() -> str | None:
    """Memory, where there is plenty: nothing of a run must outlive it. Else the usual place."""
    memory = Path("/dev/shm")  # noqa: S108 # a folder of this run's own is made in it
    if not memory.is_dir() or shutil.disk_usage(memory).free < ENOUGH_MEMORY:
        return None
    return str(memory)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop_shared_server(Path(os.environ.pop(RUN_FOLDER)))


def make_tables(url: str) -> None:
    """As in production: by the migrations, and so with their policies and triggers."""
    database = open_database(url)
    if import_module("portal.revisions").newest():
        import_module("portal.migrate").migrate(database)
    else:
        import_module("portal.db").Base.metadata.create_all(database.engine)
    database.dispose()


def open_database(url: str) -> "Database":
    """Imports the application only now: tests of pure code start without it."""
    import_module("portal.models")
    database: Database = import_module("portal.db").Database(url)
    _share_statements(database.engine)
    return database


@contextmanager
def closing(database: "Database") -> "Iterator[Database]":
    """Closed at the end, by when nobody may be at it: a connection in the hands of a thread would
    be found open by whichever test is running when it is thrown away.
    """
    try:
        yield database
    finally:
        left = sorted(thread.name for thread in enumerate_threads() if thread.name in CARRIERS)
        database.dispose()
    assert not left, f"{left} outlive the database: take the application from made_app"


_first_engines: dict[str, "Engine"] = {}


def _share_statements(engine: "Engine") -> None:
    """What one test's engine has compiled serves the engines of the tests after it: otherwise a
    sixth of their time. The key of a compiled statement names the dialect, so that is shared too.
    """
    first = _first_engines.setdefault(engine.dialect.name, engine)
    if getattr(first.dialect, "server_version_info", None):
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


@pytest.fixture(scope="session")
def postgres() -> Server:
    return shared_server(Path(os.environ[RUN_FOLDER]))


@contextmanager
def postgres_database(server: Server, *, template: str = "template0") -> Iterator[str]:
    """The address of a database that lives as long as the block."""
    name = f"paceline_{uuid4().hex[:12]}"
    address = server.create(name, template=template)
    try:
        yield address
    finally:
        server.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "paceline.db"
    make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: Server) -> Iterator[str]:
    with postgres_database(postgres) as address:
        make_tables(address)
        yield address


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine_name == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    address: str = request.getfixturevalue("postgres_with_tables")
    server: Server = request.getfixturevalue("postgres")
    yield address
    server.empty(address.rpartition("/")[2].partition("?")[0])


@pytest.fixture
def database(database_url: str) -> "Iterator[Database]":
    with closing(open_database(database_url)) as database:
        yield database


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A fresh copy of the file with the tables: quicker than emptying them. With the cast in it, or
    the texts that we ship as well, for a test that asks for them.
    """
    file = sqlite_template
    if "hub_file" in request.fixturenames:
        file = request.getfixturevalue("hub_file")
    elif "cast_file" in request.fixturenames:
        file = request.getfixturevalue("cast_file")[0]
    return f"sqlite:///{shutil.copy(file, tmp_path / 'paceline.db')}"


@pytest.fixture
def sqlite_database(sqlite_url: str) -> "Iterator[Database]":
    with closing(open_database(sqlite_url)) as database:
        yield database


@pytest.fixture
def blank_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    with postgres_database(request.getfixturevalue("postgres")) as address:
        yield address
