"""A live server over a small demo world whose day never changes."""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask, g
from werkzeug.serving import make_server

from portal.config import Settings
from portal.db import Database
from portal.demo.cast import COMPANIES
from portal.demo.load import load_demo
from portal.worker import Worker
from tests.apps import made_app, make_settings
from tests.databases import RUN_FOLDER, closing, make_tables, open_database

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
LAST_DAY = date(2026, 11, 20)
"""Five of the cast are enough: growth, a drop, a start, Simplified and Traditional Chinese."""
KEYS = {"oskelund-foods", "quillon-insurance", "heliox-labs", "pellan-retail", "ottalie"}


@dataclass(frozen=True)
class Site:
    address: str
    app: Flask
    database: Database
    settings: Settings

    def work(self) -> None:
        """Does what waits in the outbox and the queue, as the worker would."""
        Worker(self.settings, self.database, clock=now, timetable=()).drain()


_began = time.monotonic()


def now() -> datetime:
    """Goes on from a fixed moment, so that what comes later is later."""
    return NOW + timedelta(seconds=time.monotonic() - _began)


def demo_file() -> Path:
    """A database file with the demo, filled once for all workers of the run."""
    folder = Path(os.environ[RUN_FOLDER]) / "browser"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = folder / "demo.db"
        if not file.exists():
            _fill(folder / "filling.db")
            (folder / "filling.db").rename(file)
    return file


def _fill(file: Path) -> None:
    url = f"sqlite:///{file}"
    make_tables(url)
    database = open_database(url)
    some = tuple(company for company in COMPANIES if company.key in KEYS)
    load_demo(database, NOW, _silent, last_day=LAST_DAY, companies=some)
    database.dispose()


def _silent(_word: str, _share: float) -> None:
    """Nobody watches the progress."""


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """The application with forms' tokens and all, on a free port, over a copy of the demo."""
    file = shutil.copy(demo_file(), folder / "paceline.db")
    with closing(open_database(f"sqlite:///{file}")) as database, _served(folder, database) as site:
        yield site


@contextmanager
def _served(folder: Path, database: Database) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    settings = make_settings(data_dir=folder, public_url=address)
    with made_app(settings, database) as app:
        app.before_request_funcs.setdefault(None, []).insert(0, _set_the_clock)
        server.app = app
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Site(address, app, database, settings)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _set_the_clock() -> None:
    g.now = now()


def _not_yet(_environ: object, _start: object) -> list[bytes]:
    """Stands in until the port, and so the application's own address, is known."""
    raise AssertionError
