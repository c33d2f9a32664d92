"""Where the workers of a scenario work, and how one is killed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import update

from portal.config import Settings
from portal.db import Database
from portal.models import Job
from tests.jobs import workers
from tests.moments import NOON, at
from tests.smtp import Post


@dataclass(frozen=True)
class Place:
    """`began` is where the clock of all its workers begins (workers.clock)."""

    database: Database
    post: Post
    data_dir: Path
    began: float = field(default_factory=time.monotonic)

    @property
    def settings(self) -> Settings:
        return workers.settings_for(self.database.url, self.post.url, str(self.data_dir))


@dataclass(frozen=True)
class Scenario:
    """Both are told the turn, from 0: turns follow each other in one place."""

    ask: Callable[[Place, int], None]
    check: Callable[[Place, int], None]


def killed_at(place: Place, number: int) -> bool:
    """Kills a worker before its commit of that number; False where it has no such commit."""
    hears, says = workers.PROCESSES.Pipe(duplex=False)
    process = workers.start(workers.stop_before_commit, place.settings, place.began, number, says)
    says.close()
    word = hears.recv()
    process.kill()
    process.join()
    hears.close()
    _let_leases_run_out(place.database)
    return bool(word == workers.REACHED)


def finish(place: Place) -> None:
    """Another worker, which has been there all along, does what is left."""
    workers.work_until_empty(place.settings, place.database, place.began)


def _let_leases_run_out(database: Database) -> None:
    """In place of waiting: the dead worker's lease ended long ago."""
    with at(database) as session:
        session.execute(update(Job).where(Job.state == "leased").values(leased_until=NOON))
        session.commit()
