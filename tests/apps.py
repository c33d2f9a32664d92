"""Fixtures with the running application; pytest-flask adds its `client` to `app`."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app, put_doors
from portal.config import Settings
from portal.db import Database
from portal.services import passwords
from portal.services.content_files import load_content
from portal.services.sessions import begin_session
from portal.tenancy import system_scope
from portal.web.search_index import search_index
from portal.web.search_notes import search_notes
from portal.web.state import State, keep_state
from portal.web.turned_away import turned_away
from tests.databases import closing, open_database
from tests.hub import CONTENT, writing
from tests.world import World, build_world

# Hashing takes its time by design: tests/services/test_passwords.py holds the real figures to it.
passwords.TIME_COST, passwords.MEMORY_KIBIBYTES = 1, 8
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=passwords.PARALLELISM)


def make_settings(**more: object) -> Settings:
    values = {
        "environment": "test",
        "secret_key": "0123456789abcdef0123456789abcdef",
        "public_url": "http://localhost",
        **more,
    }
    return Settings.model_validate(values)


@pytest.fixture(scope="session")
def cast_file(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    """The file of a database with the cast in it, made once."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("cast") / "paceline.db"))
    database = open_database(f"sqlite:///{file}")
    world = build_world(database)
    database.dispose()
    return file, world


@pytest.fixture(scope="session")
def hub_file(cast_file: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the texts of content/ in it, which take seconds to load. Reading tests only
    ask for it; where loading is the subject, a test loads by itself.
    """
    file = Path(shutil.copy(cast_file[0], tmp_path_factory.mktemp("hub") / "paceline.db"))
    database = open_database(f"sqlite:///{file}")
    with writing(database) as session:
        load_content(session, CONTENT)
    database.dispose()
    return file


@pytest.fixture
def world(sqlite_database: Database, cast_file: tuple[Path, World]) -> World:
    """The cast of tests/world.py on SQLite, where the engine cannot matter to a page: where
    the file above is asked for, the database is a copy of it (tests/databases.py: sqlite_url).
    """
    return replace(cast_file[1], database=sqlite_database)


@pytest.fixture(scope="session")
def wired_app(sqlite_template: Path) -> Iterator[Flask]:
    """The application over a database that nobody asks: wiring it takes longer than most tests."""
    with (
        closing(open_database(f"sqlite:///{sqlite_template}")) as database,
        made_app(make_settings(), database) as made,
    ):
        yield made


@pytest.fixture
def app(
    wired_app: Flask, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    settings = make_settings(data_dir=tmp_path_factory.mktemp("data"))
    with put_over(wired_app, State(settings, world.database)) as made:
        # Forms are sent by tests as a browser would after reading the page; see security/test_csrf.
        made.config["WTF_CSRF_ENABLED"] = False
        yield made


@contextmanager
def made_app(settings: Settings, database: Database) -> Iterator[Flask]:
    """A new application, where the one of `app` won't do."""
    made = create_app(settings, database)
    try:
        yield made
    finally:
        _finish(made)


def _finish(app: Flask) -> None:
    """Its threads hold connections of a database that is closed next (databases.py: closing)."""
    with app.app_context():
        search_index().finish()
        search_notes().finish()
        turned_away().finish()


@contextmanager
def put_over(app: Flask, state: State) -> Iterator[Flask]:
    """The application as if newly made with that state; what a test changes in it goes with it."""
    config, extensions, outermost = dict(app.config), dict(app.extensions), app.wsgi_app
    app.wsgi_app = Flask.wsgi_app.__get__(app)  # type: ignore[method-assign] # as create_app does
    put_doors(app, state)
    keep_state(app, state)
    try:
        yield app
    finally:
        _finish(app)
        app.wsgi_app = outermost  # type: ignore[method-assign] # as above
        for kept, before in ((app.config, config), (app.extensions, extensions)):
            kept.clear()
            kept.update(before)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Takes the place of pytest-flask's: its open context would lend one `g`, and so one reader,
    to every request of a test.
    """


@dataclass(frozen=True)
class Door:
    """Browsers of the cast, signed in without the detour over the form."""

    app: Flask
    world: World

    def visitor(self) -> FlaskClient:
        return self.app.test_client()

    def sign_in(self, email: str) -> FlaskClient:
        """A browser in which that person is signed in."""
        client = self.app.test_client()
        user_id, uniquifier = self.world.users[email]
        with self.world.database.session(
            system_scope(datetime.now(UTC), "test"), writes=True
        ) as session:
            secret = begin_session(session, user_id, address="127.0.0.1", browser="test")
            session.commit()
        with client.session_transaction() as cookie:
            cookie["secret"] = secret
            cookie["_user_id"] = uniquifier
            cookie["_fresh"] = True
            cookie["fs_paa"] = time.time()
            cookie["fs_cc"] = "set"
        return client

    def role(self, role: str) -> FlaskClient:
        """A browser of the cast's first person of that role; a visitor's for "visitor"."""
        if role == "visitor":
            return self.visitor()
        return self.sign_in(self.world.first_of(role))


@pytest.fixture
def door(app: Flask, world: World) -> Door:
    return Door(app, world)
