"""`paceline worker`: claims jobs, relays the outbox, keeps the timetable. Any number may run."""

import os
import random
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from types import FrameType

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Database
from portal.jobs.attempt import Stopped, attempt
from portal.jobs.pulse import Pulse
from portal.jobs.registry import Context, Kind, known_kinds, routes
from portal.jobs.schedule import TIMETABLE, Entry
from portal.services.leases import Lease, anything_due, claim
from portal.services.outbox import anything_unsent, relay
from portal.services.timetable import fire
from portal.tenancy import system_scope

LEASE = timedelta(seconds=30)
BRIEFEST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
LONGEST_OUTAGE_PAUSE = 10.0
# A stopping worker may finish its job within these seconds; then it gives it back.
GRACE_SECONDS = 6.0

log = structlog.get_logger("worker")


def run(settings: Settings, *, once: bool = False) -> None:
    """Until SIGTERM or SIGINT; `once`: only what is due now, and what follows from it."""
    database = Database(settings.database)
    # One that is away comes back; one that can never be used is told before anything begins.
    with suppress(SQLAlchemyError), database.engine.connect():
        pass
    try:
        worker = Worker(settings, database)
        if once:
            worker.drain()
        else:
            worker.run()
    finally:
        database.dispose()


def utc_now() -> datetime:
    return datetime.now(UTC)


class Worker:
    """One process's worker. It does a job at a time."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        clock: Callable[[], datetime] = utc_now,
        lease: timedelta = LEASE,
        grace: float = GRACE_SECONDS,
        kinds: dict[str, Kind] | None = None,
        timetable: tuple[Entry, ...] = TIMETABLE,
    ) -> None:
        self.name = f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._settings = settings
        self._database = database
        self._clock = clock
        self._length = lease
        self._grace = grace
        self._kinds = known_kinds() if kinds is None else kinds
        self._routes = routes(self._kinds)
        self._timetable = timetable
        self._slots: dict[str, datetime] = {}
        self._stopping = threading.Event()
        self._pulse = Pulse(self._writing, self.name, lease)

    def drain(self) -> int:
        """Does everything that is due, then returns the number of jobs tried."""
        tried = 0
        while self.step():
            tried += 1
        return tried

    def run(self) -> None:
        """Until told to stop. Survives failing jobs and a database that goes away."""
        log.info("worker started", worker=self.name)
        try:
            with self._signals(), self._pulse:
                self._loop()
        except Stopped:
            log.info("worker did not wait", worker=self.name)
        log.info("worker stopped", worker=self.name)

    def stop(self) -> None:
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def step(self) -> bool:
        """One round; whether there was a job to do. Looks before it takes the write lock."""
        self._keep_timetable()
        self._relay()
        with self._reading() as session:
            if not anything_due(session):
                return False
        with self._writing() as session:
            lease = claim(session, self.name, self._length)
        if lease is not None:
            self._do(lease)
        return lease is not None

    def _loop(self) -> None:
        pause = BRIEFEST_PAUSE
        while not self._stopping.is_set():
            try:
                busy, longest = self.step(), LONGEST_PAUSE
            except SQLAlchemyError as failure:
                log.warning("database out of reach", reason=str(failure)[:300])
                busy, longest = False, LONGEST_OUTAGE_PAUSE
            if busy:
                pause = BRIEFEST_PAUSE
                continue
            # Two workers that began together do not keep asking together.
            self._stopping.wait(pause * random.uniform(0.75, 1.25))  # noqa: S311 - hides nothing
            pause = min(pause * 2, longest)

    def _keep_timetable(self) -> None:
        for entry in self._timetable:
            slot = entry.slot(self._clock())
            if self._slots.get(entry.name) != slot:
                with self._writing() as session:
                    fire(session, entry.name, slot, entry.job)
                self._slots[entry.name] = slot

    def _relay(self) -> None:
        with self._reading() as session:
            if not anything_unsent(session):
                return
        with self._writing() as session:
            relay(session, self._routes)

    def _do(self, lease: Lease) -> None:
        context = Context(self._settings, self._database, lease, self._clock)
        attempt(context, self._kinds.get(lease.name), self._pulse.holding(lease))

    def _reading(self) -> AbstractContextManager[Session]:
        return self._database.session(system_scope(self._clock(), "worker"))

    def _writing(self) -> AbstractContextManager[Session]:
        return self._database.session(system_scope(self._clock(), "worker"), writes=True)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first asks to stop, the second insists. Only a main thread hears signals."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        heard: dict[int, Callable[[int, FrameType | None], None]] = {
            signal.SIGTERM: self._on_stop,
            signal.SIGINT: self._on_stop,
            signal.SIGALRM: _on_grace_over,
        }
        before = {number: signal.signal(number, react) for number, react in heard.items()}
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, react in before.items():
                signal.signal(number, react)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping.is_set():
            raise Stopped
        self._stopping.set()
        signal.setitimer(signal.ITIMER_REAL, self._grace)


def _on_grace_over(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
