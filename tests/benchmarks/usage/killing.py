"""Workers that are killed in the midst of a fold, while events arrive."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Thread

from sqlalchemy import select

from portal.db import Database
from portal.models import Job, UsageFold
from portal.tenancy import Scope, system_scope
from portal.usage import inbox

# One folds while the other gets ready: a worker takes seconds to start.
WORKERS = 2
LONGEST_WAIT = 0.3  # seconds from the claim of the job to the kill
COMMAND = [sys.executable, "-c", "from portal.cli import main; main()", "worker"]


@dataclass
class Kills:
    """`in_a_fold`: the dead worker's job was to fold, and was not done. `after_steps`: between
    that kill and the one before, steps of the fold were committed.
    """

    wanted: int
    done: int = 0
    in_a_fold: int = 0
    after_steps: int = 0
    version: int = field(default=0, repr=False)

    def note(self, *, in_a_fold: bool, version: int) -> None:
        self.done += 1
        self.in_a_fold += in_a_fold
        self.after_steps += in_a_fold and version > self.version
        self.version = version

    @property
    def proves_nothing(self) -> bool:
        return bool(self.wanted) and not self.after_steps


@contextmanager
def killed_workers(database: Database, wanted: int) -> Iterator[Kills]:
    """Meanwhile workers fold. Time and again, when the fold has moved on, whichever is at it is
    killed; ends with all of them stopped, when as many were killed as wanted or nothing is left
    to fold.
    """
    kills, sent = Kills(wanted, version=_version(database)), Event()
    with tempfile.TemporaryDirectory() as folder:
        killer = Thread(target=_kill, args=(database, kills, sent, folder))
        killer.start()
        yield kills
        sent.set()
        killer.join()


def _kill(database: Database, kills: Kills, sent: Event, folder: str) -> None:
    running: dict[int, subprocess.Popen[bytes]] = {}
    while kills.done < kills.wanted and not (sent.is_set() and _nothing_waits(database)):
        while len(running) < WORKERS:
            worker = _start(database, folder)
            running[worker.pid] = worker
        at_it = _folding(database) & set(running)
        if not at_it or _version(database) == kills.version:
            time.sleep(0.01)
            continue
        victim = running.pop(at_it.pop())
        time.sleep(random.random() * LONGEST_WAIT)
        victim.kill()
        victim.wait()
        kills.note(in_a_fold=victim.pid in _folding(database), version=_version(database))
    for worker in running.values():
        worker.send_signal(signal.SIGTERM)
    for worker in running.values():
        worker.wait()


def _start(database: Database, folder: str) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "PACELINE_ENVIRONMENT": "test",
        "PACELINE_DATABASE_URL": database.url,
        "PACELINE_DATA_DIR": folder,
    }
    return subprocess.Popen(COMMAND, env=environ, stderr=subprocess.DEVNULL)


def _folding(database: Database) -> set[int]:
    """The numbers of the processes that hold the job to fold, dead ones too."""
    leased = select(Job.leased_by).where(Job.name == "usage.fold", Job.state == "leased")
    with database.session(_scope()) as session:
        return {int(str(name).split(":")[1]) for name in session.scalars(leased)}


def _version(database: Database) -> int:
    """It moves with every step of the fold that is committed."""
    with database.session(_scope()) as session:
        return session.scalar(select(UsageFold.version)) or 0


def _nothing_waits(database: Database) -> bool:
    with database.session(_scope()) as session:
        return inbox.waiting(session).messages == 0


def _scope() -> Scope:
    return system_scope(datetime.now(UTC), "exactness")
