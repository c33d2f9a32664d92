import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.services.leases import Lease, LeaseLost, renew
from portal.services.workers import beat, leave

# A worker is heard of this often, whether it has a lease to renew or not.
BEAT_SECONDS = 15.0
# At the end the thread says good-bye, if the database lets it.
PATIENCE_SECONDS = 2.0
OpenSession = Callable[[], AbstractContextManager[Session]]

log = structlog.get_logger("worker")


class Pulse:
    """The thread that says that a worker lives and holds the lease of the job at hand, three
    times in the length of a lease.
    """

    def __init__(self, writing: OpenSession, worker: str, length: timedelta) -> None:
        self._writing = writing
        self._worker = worker
        self._length = length
        self._every = min(length.total_seconds() / 3, BEAT_SECONDS)
        self._lease: Lease | None = None
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_raised: object) -> None:
        self._end.set()
        self._thread.join(timeout=PATIENCE_SECONDS)

    @contextmanager
    def holding(self, lease: Lease) -> Iterator[None]:
        """The lease is renewed as long as the block runs."""
        with self._lock:
            self._lease = lease
        try:
            yield
        finally:
            with self._lock:
                self._lease = None

    def _run(self) -> None:
        self._safely(self._beat)
        while not self._end.wait(self._every):
            self._safely(self._beat)
            self._safely(self._renew)
        self._safely(self._leave)

    def _safely(self, act: Callable[[], None]) -> None:
        """A database that is away for a moment must not end the thread."""
        try:
            act()
        except SQLAlchemyError as failure:
            log.warning("no pulse", reason=str(failure)[:300])

    def _beat(self) -> None:
        with self._writing() as session:
            beat(session, self._worker)

    def _leave(self) -> None:
        with self._writing() as session:
            leave(session, self._worker)

    def _renew(self) -> None:
        with self._lock:
            if self._lease is None:
                return
            try:
                with self._writing() as session:
                    renew(session, self._lease, self._length)
            except LeaseLost:
                log.warning("lease lost", job=self._lease.key, kind=self._lease.name)
                self._lease = None
