"""What new texts mean, on a machine that serves without a worker beside it.

Usually the worker learns (jobs/search.py). Where nobody does for a minute, a process of its own is
started: a passage takes a tenth of a second, for which nobody who asks here should wait.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from portal.search import Engine

log = structlog.get_logger(__name__)
PATIENCE_SECONDS, LONGEST_SECONDS = 60.0, 3600.0
"""Without progress before the first attempt, and between later ones at most."""
LOOK_SECONDS = 15.0
"""Between two looks: while somebody learns, each reads all that was learnt."""
LEARN = (sys.executable, "-m", "portal.cli", "search", "learn")


class Running(Protocol):
    def poll(self) -> int | None: ...


def _start() -> Running:
    return subprocess.Popen(LEARN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command


class Learning:
    def __init__(
        self,
        engine: Engine,
        *,
        start: Callable[[], Running] = _start,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._start, self._clock = engine, start, clock
        self._running: Running | None = None
        self._left, self._since, self._patience = 0, clock(), PATIENCE_SECONDS
        self._next_at = clock()

    def look(self) -> None:
        """Starts a process where something is to be learnt and nobody has made progress. Raises
        IndexDamaged.
        """
        now = self._clock()
        if now < self._next_at or (self._running is not None and self._running.poll() is None):
            return
        self._next_at, left = now + LOOK_SECONDS, self._engine.unlearnt()
        if not left or left != self._left:
            self._left, self._since, self._patience = left, now, PATIENCE_SECONDS
        elif now - self._since >= self._patience:
            log.info("learning begins", passages=left)
            self._running, self._since = self._start(), now
            self._patience = min(self._patience * 2, LONGEST_SECONDS)
