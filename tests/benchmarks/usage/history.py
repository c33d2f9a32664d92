"""A long history of usage as it might have been: few large and many small accounts (Zipf),
workdays and office hours, sessions of some events in a few minutes, some names used far more than
others. The same for the same numbers, and made block by block: its end needs not its beginning.

`history(...)` gives it as requests, in their order.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from sqlalchemy import insert, select

from portal.db import Database
from portal.models import Account
from portal.tenancy import system_scope
from portal.usage.blocks import LENGTH, block_of
from portal.usage.days import Numbers, day_start
from portal.usage.moments import SECOND, moment_of

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Shanghai")
NAMES, BATCH = 30, 100
A_SESSION, SECONDS_BETWEEN = 8, 40
# Local hours; nothing crosses midnight, even on the day of 23 hours, so a block stands by itself.
EARLIEST, LATEST = 2 * 3600, 22 * 3600 - 1
WEEKEND = 0.06
EVENTS_A_PERSON_AND_DAY = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """Events of one account in one block: columns of equal length, in the order of their moments.
    `days` are ordinals of the account's zone, `stamps` microseconds since 1970.
    """

    account: int
    block: int
    days: Numbers
    stamps: Numbers
    persons: Numbers
    names: Numbers
    numbers: Numbers

    def only(self, chosen: Numbers) -> "Unit":
        columns = (self.days, self.stamps, self.persons, self.names, self.numbers)
        return Unit(self.account, self.block, *(column[chosen] for column in columns))


@dataclass(frozen=True)
class History:
    """`last` is its last day; accounts are numbered from 0, the largest first."""

    accounts: int = 10_000
    events: int = 1_000_000
    days: int = 365
    seed: int = 1
    last: date = date(2026, 6, 14)

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @cached_property
    def sizes(self) -> Numbers:
        """Events of each account over all days."""
        shares = 1 / np.arange(1, self.accounts + 1)
        ends = np.round(np.cumsum(shares / shares.sum()) * self.events).astype(np.int64)
        return np.diff(ends, prepend=0)

    @cached_property
    def blocks(self) -> range:
        return range(block_of(self.first.toordinal()), block_of(self.last.toordinal()) + 1)

    @cached_property
    def weights(self) -> Numbers:
        """How much of a week's work falls on each day, from the first to the last."""
        ordinals = np.arange(self.first.toordinal(), self.last.toordinal() + 1)
        return np.where(ordinals % 7 < 5, 1.0, WEEKEND)

    def key(self, account: int) -> str:
        return f"account-{account}"

    def zone(self, account: int) -> str:
        return ZONES[account % len(ZONES)]

    def persons(self, account: int) -> int:
        """How many work there."""
        return max(2, int(self.sizes[account]) // (self.days * EVENTS_A_PERSON_AND_DAY))

    def unit(self, account: int, block: int) -> Unit:
        source = np.random.default_rng((self.seed, account, block))
        ordinals, weights, events = self._share(account, block)
        if not events:
            nothing = np.zeros(0, np.int64)
            return Unit(account, block, nothing, nothing, nothing, nothing, nothing)
        sessions = source.geometric(1 / A_SESSION, events)
        sessions = sessions[: int(np.searchsorted(np.cumsum(sessions), events)) + 1]
        which = np.repeat(np.arange(sessions.size), sessions)[:events]
        day = source.choice(ordinals, sessions.size, p=weights / weights.sum())[which]
        # Some work far more than others.
        some = source.random(sessions.size) ** 2 * self.persons(account)
        stamps = self._stamps(source, account, day, which)
        order = np.argsort(stamps, kind="stable")
        names = _names(source, which, sessions.size)
        persons = some.astype(np.int64)[which]
        numbers = np.arange(events)
        return Unit(account, block, day, stamps, persons, names, numbers).only(order)

    def _share(self, account: int, block: int) -> tuple[Numbers, Numbers, int]:
        """The block's days within the history, their weights, and the events that fall to it."""
        first = self.first.toordinal()
        begin = max(block * LENGTH - first, 0)
        end = min((block + 1) * LENGTH - first, self.days)
        done = np.concatenate([[0.0], np.cumsum(self.weights)]) / self.weights.sum()
        size = int(self.sizes[account])
        # Each account's remainders fall elsewhere, else small ones would all work on one day.
        shift = account * 0.618 % 1
        until, before = (int(size * done[one] + shift) for one in (end, begin))
        return np.arange(begin, end) + first, self.weights[begin:end], until - before

    def _stamps(
        self, source: np.random.Generator, account: int, day: Numbers, which: Numbers
    ) -> Numbers:
        noon = np.where(source.random(which[-1] + 1) < 0.55, 10.5, 14.75)
        start = (source.normal(noon, 1.3) * 3600)[which]
        steps = source.exponential(SECONDS_BETWEEN, which.size)
        run = np.cumsum(steps)
        begins = np.flatnonzero(np.diff(which, prepend=-1))
        seconds = start + run - np.repeat(run[begins], np.diff(begins, append=which.size))
        local = np.clip(seconds, EARLIEST, LATEST).astype(np.int64)
        distinct, index = np.unique(day, return_inverse=True)
        zone = self.zone(account)
        starts = np.array([day_start(zone, one) for one in distinct.tolist()], np.int64)
        return starts[index] + local * SECOND


def _names(source: np.random.Generator, which: Numbers, sessions: int) -> Numbers:
    """Half of a session's events have its own name."""
    own = np.minimum(source.zipf(1.4, sessions), NAMES)[which]
    other = np.minimum(source.zipf(1.4, which.size), NAMES)
    return np.where(source.random(which.size) < 0.5, own, other).astype(np.int64)


def name_of(number: int) -> str:
    return f"Name {number}"


def user_of(account: int, person: int) -> str:
    return f"u-{account}-{person}"


def requests(made: History, first: date | None = None, last: date | None = None) -> Iterator[bytes]:
    """Bodies of `/v1/batch` from one UTC day to another, each about a hundred messages, in their
    order.
    """
    begin, end = first or made.first, last or made.last
    for block in made.blocks:
        # A local day can begin in the UTC day before, or end in the one after.
        if not block * LENGTH - 1 <= end.toordinal() or (block + 1) * LENGTH < begin.toordinal():
            continue
        units = [
            _between(made.unit(account, block), begin, end) for account in range(made.accounts)
        ]
        yield from _bodies(made, [unit for unit in units if unit.stamps.size])


def make_accounts(database: Database, made: History, now: datetime) -> dict[int, int]:
    """Number in the history → id of the account."""
    with database.session(system_scope(now, "history"), writes=True) as session:
        rows = [
            {
                "key": made.key(number),
                "name": made.key(number),
                "time_zone": made.zone(number),
                "created_at": now,
            }
            for number in range(made.accounts)
        ]
        session.execute(insert(Account), rows)
        session.commit()
        rows_read = session.execute(select(Account.key, Account.id))
        found = {row.key: row.id for row in rows_read}
    return {number: found[made.key(number)] for number in range(made.accounts)}


def history(accounts: int, events: int, days: int, seed: int) -> Iterator[bytes]:
    return requests(History(accounts, events, days, seed))


def _between(unit: Unit, first: date, last: date) -> Unit:
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp() * SECOND
    end = datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp() * SECOND
    chosen = (unit.stamps >= begin) & (unit.stamps < end + 86_400 * SECOND)
    return unit.only(np.flatnonzero(chosen))


def _bodies(made: History, units: list[Unit]) -> Iterator[bytes]:
    stamps = np.concatenate([unit.stamps for unit in units] or [np.zeros(0, np.int64)])
    of_unit = np.repeat(np.arange(len(units)), [unit.stamps.size for unit in units])
    starts = np.cumsum([0, *(unit.stamps.size for unit in units)])
    order = np.argsort(stamps, kind="stable")
    for begin in range(0, order.size, BATCH):
        some = order[begin : begin + BATCH].tolist()
        batch = [
            _message(made, units[int(of_unit[one])], one - int(starts[of_unit[one]]))
            for one in some
        ]
        yield json.dumps({"batch": batch}).encode()


def _message(made: History, unit: Unit, place: int) -> dict[str, object]:
    at = moment_of(int(unit.stamps[place]))
    return {
        "type": "track",
        "messageId": f"h-{unit.account}-{unit.block}-{unit.numbers[place]}",
        "userId": user_of(unit.account, int(unit.persons[place])),
        "event": name_of(int(unit.names[place])),
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "context": {
            "groupId": made.key(unit.account),
            "library": {"name": "analytics-python", "version": "2.3.0"},
        },
        "properties": {"channel": "web", "plan": "pro", "items": 3},
    }
