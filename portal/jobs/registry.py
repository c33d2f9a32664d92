"""What a worker can do: handlers by name.

A new kind of job is a module in this folder with a function marked `@job("noun.verb")`. It may
run twice (a worker dies between the effect and the note of it), so its effect carries a key or
is written in the transaction that finishes the job (`context.finish`).
"""

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy.orm import Session

import portal.jobs
from portal.config import Settings
from portal.db import Database
from portal.services.leases import Lease, complete
from portal.tenancy import Scope, system_scope

USUAL_ATTEMPTS = 10


class GiveUp(Exception):
    """Trying again would change nothing: the job goes to the dead letters at once."""


class Context:
    """What a handler works with. Only `now` reads a clock."""

    def __init__(
        self, settings: Settings, database: Database, lease: Lease, clock: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.database = database
        self.lease = lease
        self.finished = False
        self._clock = clock

    @property
    def account_id(self) -> int | None:
        return self.lease.account_id

    def now(self) -> datetime:
        return self._clock()

    def scope(self) -> Scope:
        """Over all accounts, in the name of the job."""
        origin = f"job {self.lease.name}"
        return system_scope(self._clock(), origin, request_id=self.lease.key)

    @contextmanager
    def session(self, *, writes: bool = False) -> Iterator[Session]:
        with self.database.session(self.scope(), writes=writes) as session:
            yield session

    def in_batches(
        self, accounts: Sequence[int], size: int, act: Callable[[Session, list[int]], int]
    ) -> int:
        """The sum of what `act` returns. Each batch is a transaction, so that what a killed worker
        leaves is done by the next.
        """
        done = 0
        for at in range(0, len(accounts), size):
            with self.session(writes=True) as session:
                done += act(session, list(accounts[at : at + size]))
        return done

    def finish(self, session: Session) -> None:
        """Commits the effect and the job's end together: exactly once. Raises LeaseLost, and
        then nothing is written.
        """
        complete(session, self.lease)
        session.commit()
        self.finished = True


Handler = Callable[[Context, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`attempts` before it is dead; `on`: kinds of outbox messages that it follows."""

    name: str
    handler: Handler
    attempts: int
    on: tuple[str, ...]


_kinds: dict[str, Kind] = {}


def job(
    name: str, *, attempts: int = USUAL_ATTEMPTS, on: tuple[str, ...] = ()
) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        if name in _kinds:
            raise ValueError(f"two jobs are called {name}")
        _kinds[name] = Kind(name, handler, attempts, on)
        return handler

    return register


@cache
def known_kinds() -> dict[str, Kind]:
    """All kinds, from every module of this folder."""
    for module in pkgutil.iter_modules(portal.jobs.__path__):
        import_module(f"portal.jobs.{module.name}")
    return dict(_kinds)


def routes(kinds: dict[str, Kind]) -> dict[str, list[str]]:
    """The jobs that follow each kind of outbox message."""
    followers: dict[str, list[str]] = {}
    for kind in kinds.values():
        for announced in kind.on:
            followers.setdefault(announced, []).append(kind.name)
    return followers
