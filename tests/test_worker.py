import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from portal.db import Database
from portal.jobs.registry import Context, GiveUp, Handler, Kind
from portal.jobs.schedule import Entry
from portal.models import AuditEntry, Job
from portal.services.audit import record
from portal.services.jobs import dead_letters, enqueue, queue_state
from portal.services.leases import claim
from portal.services.workers import living_workers
from portal.worker import Worker, utc_now
from tests.jobs import workers
from tests.moments import NOON, after, at


def worker_for(
    database: Database, seconds: float = 0, attempts: int = 3, **handlers: Handler
) -> Worker:
    kinds = {name: Kind(name, handler, attempts, ()) for name, handler in handlers.items()}
    settings = workers.settings_for(database.url)
    return Worker(settings, database, clock=lambda: after(seconds), kinds=kinds, timetable=())


def queue(database: Database, name: str, moment: Any = NOON) -> None:
    with at(database, moment) as session:
        enqueue(session, name, {"n": 1})
        session.commit()


def wait_for(happened: Callable[[], object]) -> None:
    """The test's own time limit ends what never happens."""
    while not happened():
        time.sleep(0.02)


def test_a_job_is_done_and_gone(database: Database) -> None:
    seen: list[tuple[dict[str, Any], str]] = []

    def look(context: Context, payload: dict[str, Any]) -> None:
        seen.append((payload, context.scope().origin))
        assert context.now() == NOON

    queue(database, "look")
    assert worker_for(database, look=look).drain() == 1
    assert seen == [({"n": 1}, "job look")]
    with at(database) as session:
        assert session.scalars(select(Job.id)).all() == []


def test_a_failing_job_stops_no_other_and_dies_at_last(database: Database) -> None:
    done: list[int] = []

    def fail(_context: Context, _payload: dict[str, Any]) -> None:
        raise RuntimeError("the figures do not add up")

    def look(_context: Context, payload: dict[str, Any]) -> None:
        done.append(payload["n"])

    queue(database, "fail")
    queue(database, "look")
    tried = [
        worker_for(database, seconds, fail=fail, look=look).drain() for seconds in (0, 10, 30, 999)
    ]
    assert tried == [2, 1, 1, 0]
    assert done == [1]
    with at(database) as session:
        (letter,) = dead_letters(session)
    assert letter.attempts == 3
    assert "RuntimeError: the figures do not add up" in letter.error


def test_a_hopeless_job_is_not_tried_again(database: Database) -> None:
    def give_up(_context: Context, _payload: dict[str, Any]) -> None:
        raise GiveUp("nobody of this name")

    queue(database, "give_up")
    worker_for(database, give_up=give_up).drain()
    with at(database) as session:
        assert [letter.error for letter in dead_letters(session)] == ["nobody of this name"]


def test_an_unknown_job_waits_for_a_worker_that_knows_it(database: Database) -> None:
    queue(database, "tomorrow")
    worker_for(database).drain()
    with at(database) as session:
        assert queue_state(session).waiting == 1
    done: list[int] = []
    worker_for(database, 10, tomorrow=lambda _context, payload: done.append(payload["n"])).drain()
    assert done == [1]


def test_an_effect_finished_with_its_job_is_exactly_once(database: Database) -> None:
    """The lease is lost in the midst of the job; the first worker's effect is not written."""

    def effect(context: Context, _payload: dict[str, Any]) -> None:
        if context.lease.attempts == 1:
            with at(database, after(31)) as session:
                assert claim(session, "another", timedelta(seconds=30)) is not None
        with context.session(writes=True) as session:
            record(session, "counted")
            context.finish(session)

    queue(database, "effect")
    assert worker_for(database, effect=effect).drain() == 1
    with at(database) as session:
        assert session.scalars(select(AuditEntry.id)).all() == []
    assert worker_for(database, 62, effect=effect).drain() == 1
    with at(database) as session:
        assert len(session.scalars(select(AuditEntry.id)).all()) == 1
        assert session.scalars(select(Job.id)).all() == []


def test_the_timetable_queues_and_the_same_worker_works(database: Database) -> None:
    ticks: list[int] = []
    kinds = {"tick": Kind("tick", lambda _context, _payload: ticks.append(1), 3, ())}
    seconds = [0.0]
    worker = Worker(
        workers.settings_for(database.url),
        database,
        clock=lambda: after(seconds[0]),
        kinds=kinds,
        timetable=(Entry("tick", "tick", every=timedelta(seconds=5)),),
    )
    for seconds[0] in (0, 1, 4, 5, 6, 11):
        worker.drain()
    assert len(ticks) == 3


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()


def test_a_long_job_keeps_its_lease_and_the_worker_is_heard_of(database: Database) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def be_long(_context: Context, _payload: dict[str, Any]) -> None:
        begun.set()
        may_end.wait()

    def leased_until() -> Any:
        with at(database) as session:
            return session.scalar(select(Job.leased_until))

    queue(database, "be_long", utc_now())
    worker = Worker(
        workers.settings_for(database.url),
        database,
        lease=timedelta(seconds=0.6),
        kinds={"be_long": Kind("be_long", be_long, 3, ())},
        timetable=(),
    )
    with running(worker):
        begun.wait()
        first = leased_until()
        wait_for(lambda: leased_until() > first)
        with at(database, utc_now()) as session:
            assert [one.name for one in living_workers(session)] == [worker.name]
        may_end.set()
        wait_for(lambda: leased_until() is None)
    with at(database, utc_now()) as session:
        assert living_workers(session) == []


def test_a_database_that_goes_away_for_a_moment_is_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    worker = Worker(
        workers.settings_for(database.url),
        database,
        kinds={"look": Kind("look", lambda _context, _payload: done.set(), 3, ())},
        timetable=(),
    )
    outages = iter(range(3))
    open_session = worker._reading

    def fail_at_first() -> Any:
        if next(outages, None) is not None:
            raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))
        return open_session()

    monkeypatch.setattr(worker, "_reading", fail_at_first)
    queue(database, "look", utc_now())
    with running(worker):
        done.wait()
    assert next(outages, None) is None


def test_connections_that_the_server_ends_are_made_anew(database: Database) -> None:
    if database.is_sqlite:
        return
    done: list[int] = []
    worker = Worker(
        workers.settings_for(database.url),
        database,
        kinds={"look": Kind("look", lambda _context, _payload: done.append(1), 3, ())},
        timetable=(),
    )
    others = Database(database.url)
    with running(worker):
        for number in (1, 2):
            queue(others, "look", utc_now())
            wait_for(lambda number=number: len(done) == number)  # type: ignore[misc] # bound now
            with at(others) as session:
                session.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
    others.dispose()


# --- the command itself -----------------------------------------------------------------------


@pytest.fixture
def environ(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PACELINE_ENVIRONMENT": "test",
        "PACELINE_DATABASE_URL": database_url,
        "PACELINE_DATA_DIR": str(tmp_path),
    }


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_stops_in_order(
    database: Database, environ: dict[str, str], number: signal.Signals
) -> None:
    def living() -> int:
        with at(database, utc_now()) as session:
            return len(living_workers(session))

    command = [sys.executable, "-c", "from portal.cli import main; main()", "worker"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) as process:
        wait_for(lambda: living() or process.poll() is not None)
        process.send_signal(number)
        _, errors = process.communicate()
    assert (process.returncode, b"Traceback" in errors) == (0, False), errors.decode()
    assert b"worker stopped" in errors
    assert living() == 0


@pytest.mark.processes
def test_told_to_stop_a_worker_ends_its_job(database: Database, tmp_path: Path) -> None:
    queue(database, "wait", utc_now())
    process = workers.start(workers.work_on_a_wait, database.url, str(tmp_path), 60.0)
    wait_for((tmp_path / "begun").exists)
    process.terminate()
    wait_for((tmp_path / "told").exists)
    (tmp_path / "go").touch()
    process.join()
    assert process.exitcode == 0
    with at(database) as session:
        assert session.scalars(select(Job.id)).all() == []


@pytest.mark.processes
def test_a_job_that_takes_too_long_to_end_is_given_back(database: Database, tmp_path: Path) -> None:
    queue(database, "wait", utc_now())
    process = workers.start(workers.work_on_a_wait, database.url, str(tmp_path), 0.1)
    wait_for((tmp_path / "begun").exists)
    process.terminate()
    process.join()
    assert process.exitcode == 0
    with at(database) as session:
        assert session.execute(select(Job.state, Job.attempts)).one() == ("waiting", 0)
