"""Workers in processes of their own, to be watched and killed.

They are forked from a server that has imported everything once, so that one costs little.
"""

import multiprocessing
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import configure_mappers

from portal.config import Settings, read_settings
from portal.db import Database
from portal.jobs.registry import Context, Kind, known_kinds
from portal.models import Job, OutboxMessage
from portal.search.chinese_words import words_of
from portal.search.folding import fold
from portal.services.audit import record
from portal.tenancy import system_scope
from portal.worker import Worker, utc_now

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.jobs.workers"])
# Also what a worker would otherwise prepare for itself is there before the fork.
configure_mappers()
known_kinds()
words_of("词")
fold("词")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
FOREVER = 600
REACHED, DONE = "reached", "done"


def start(work: Any, *arguments: Any) -> BaseProcess:
    process: BaseProcess = PROCESSES.Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def settings_for(url: str, smtp_url: str = "", data_dir: str = "") -> Settings:
    named = {
        "PACELINE_ENVIRONMENT": "test",
        "PACELINE_DATABASE_URL": url,
        "PACELINE_SMTP_URL": smtp_url,
        "PACELINE_DATA_DIR": data_dir,
        "PACELINE_CHECK_EXTERNAL_LINKS": "true",
    }
    return read_settings({name: value for name, value in named.items() if value})


def clock(began: float) -> Callable[[], datetime]:
    """Goes on from a Monday morning since `began` (of the monotonic clock): the same in every
    process of a test.
    """
    return lambda: MONDAY + timedelta(seconds=time.monotonic() - began)


def work_until_empty(settings: Settings, database: Database, began: float) -> None:
    """A plain worker without timetable, until no job and no message is left."""
    worker = Worker(settings, database, clock=clock(began), timetable=())
    while anything_left(database):
        worker.drain()
        time.sleep(0.02)


def anything_left(database: Database) -> bool:
    with database.session(system_scope(utc_now(), "test")) as session:
        unsent = select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None)).limit(1)
        undone = select(Job.id).where(Job.state != "dead").limit(1)
        return any(session.execute(wanted).first() for wanted in (unsent, undone))


def stop_before_commit(settings: Settings, began: float, number: int, told: Connection) -> None:
    """Works; stands still just before its commit of that number, from 0, and says so. Says that
    it is done where there is no such commit.
    """
    database = Database(settings.database)
    left = [number]

    def on_commit(_connection: Any) -> None:
        if left[0] == 0:
            told.send(REACHED)
            time.sleep(FOREVER)
        left[0] -= 1

    event.listen(database.engine, "commit", on_commit)
    worker = Worker(settings, database, clock=clock(began), timetable=())
    while anything_left(database):
        worker.drain()
        time.sleep(0.02)
    told.send(DONE)


def count_until_empty(url: str, together: Barrier) -> None:
    database = Database(url)
    kinds = {"count": Kind("count", count, 3, ())}
    worker = Worker(settings_for(url), database, kinds=kinds, timetable=())
    together.wait()
    while anything_left(database):
        worker.drain()
    database.dispose()


def count(context: Context, payload: dict[str, Any]) -> None:
    """An effect that shows when it happened twice."""
    with context.session(writes=True) as session:
        record(session, "counted", "number", str(payload["n"]), worker=context.lease.worker)
        session.commit()


def work_on_a_wait(url: str, folder: str, grace: float) -> None:
    """One job that begins, sees that the worker was told to stop, and ends when `go` is there."""
    database, notes = Database(url), Path(folder)

    def wait(_context: Context, _payload: dict[str, Any]) -> None:
        (notes / "begun").touch()
        while not (notes / "go").exists():
            time.sleep(0.02)
            if worker.stopping:
                (notes / "told").touch()

    kinds = {"wait": Kind("wait", wait, 3, ())}
    worker = Worker(settings_for(url), database, kinds=kinds, timetable=(), grace=grace)
    worker.run()
    database.dispose()
