"""Token buckets in the database: one statement a call, in a short transaction of its own, so that
what was counted stays counted when the request's own transaction is rolled back.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import Database
from portal.domain.errors import TooMany
from portal.models import RateBucket

MINUTE, HOUR = 60.0, 3600.0
TOO_MANY = "That was too often. Wait a little, then try again."


@dataclass(frozen=True, slots=True)
class Limit:
    """`capacity` at once; an empty bucket is full again after `refill_seconds`."""

    capacity: int
    refill_seconds: float

    @property
    def per_second(self) -> float:
        return self.capacity / self.refill_seconds


# The subject of each stands beside it.
LIMITS = {
    "sign-in-address": Limit(60, 10 * MINUTE),  # the caller's network address
    "sign-in-account": Limit(10, 15 * MINUTE),  # address and e-mail address together
    "sign-in-mail": Limit(100, HOUR),  # the e-mail address: guesses from many network addresses
    "sign-in-noted": Limit(20, HOUR),  # failures in the audit log, by e-mail or network address
    "reset-address": Limit(20, HOUR),  # the caller's network address
    "reset-account": Limit(4, HOUR),  # the e-mail address
    "invitation": Limit(60, HOUR),  # the person who invites
    "search-note": Limit(60, HOUR),  # searches of a visitor that are counted, by address
    "token-address": Limit(60, 10 * MINUTE),  # links of invitations and resets, by address
}
_bucket = RateBucket.__table__.c


def take(database: Database, purpose: str, subject: str, now: datetime, *, cost: int = 1) -> None:
    """Takes `cost` tokens (default one); raises TooMany with whole seconds to wait.

    Call it outside of a transaction that writes: on SQLite there is one writer at a time.
    """
    limit, name, at = LIMITS[purpose], _name(purpose, subject), now.timestamp()
    with _writing(database) as connection:
        if connection.execute(_taking(database, limit, name, at, cost)).first() is not None:
            return
        left = connection.execute(select(_filled(limit, at)).where(_bucket.name == name)).scalar()
    wait = (cost - float(left or 0.0)) / limit.per_second
    raise TooMany(TOO_MANY, retry_after=max(1, math.ceil(wait)))


def give_back(database: Database, purpose: str, subject: str, now: datetime) -> None:
    """Returns one token: for what turned out well, where only failures are to count."""
    limit, at = LIMITS[purpose], now.timestamp()
    more = _least(literal(float(limit.capacity)), _filled(limit, at) + 1.0)
    chosen = update(RateBucket.__table__).where(_bucket.name == _name(purpose, subject))  # type: ignore[arg-type] # a mapped class's FromClause is its Table
    with _writing(database) as connection:
        connection.execute(chosen.values(tokens=more, at=_greatest(_bucket.at, literal(at))))


@contextmanager
def _writing(database: Database) -> Iterator[Connection]:
    with database.engine.execution_options(paceline_writes=True).begin() as connection:
        yield connection


def _taking(database: Database, limit: Limit, name: str, at: float, cost: int) -> Any:
    """A new bucket is full. An old one is filled up to now and drawn from if it holds enough;
    otherwise nothing changes and no row comes back.
    """
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    made = insert(RateBucket).values(name=name, tokens=float(limit.capacity - cost), at=at)
    filled = _filled(limit, at)
    return made.on_conflict_do_update(
        index_elements=[_bucket.name],
        set_={"tokens": filled - cost, "at": _greatest(_bucket.at, literal(at))},
        where=filled >= cost,
    ).returning(_bucket.tokens)


def _filled(limit: Limit, at: float) -> ColumnElement[float]:
    """What the bucket holds at that moment. A clock that went back fills nothing."""
    passed = _greatest(_bucket.at, literal(at)) - _bucket.at
    return _least(literal(float(limit.capacity)), _bucket.tokens + passed * limit.per_second)


def _least(one: ColumnElement[float], other: ColumnElement[float]) -> ColumnElement[float]:
    return case((one < other, one), else_=other)


def _greatest(one: ColumnElement[float], other: ColumnElement[float]) -> ColumnElement[float]:
    return case((one > other, one), else_=other)


def _name(purpose: str, subject: str) -> str:
    """Subjects are hashed: the table tells nobody's address."""
    return f"{purpose}:{sha256(subject.casefold().encode()).hexdigest()[:40]}"
