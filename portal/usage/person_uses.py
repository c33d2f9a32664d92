"""How often each person used each feature in a run of days."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

import numpy as np
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import UsageName, UsageNameDay, UsageSealed
from portal.usage import blocks
from portal.usage.bitmaps import array_of
from portal.usage.daily import read_names_by_id, read_sealed
from portal.usage.days import Numbers
from portal.usage.event_rules import read_resolver
from portal.usage.repeats import NUMBER

K = TypeVar("K", int, str)
NOTHING: Numbers = np.zeros(0, np.int64)


class _Use(NamedTuple):
    """A name's day; `repeats` beside `users`, which ascend."""

    name: str
    events: int
    users: Numbers
    repeats: Numbers


@dataclass(slots=True)
class PersonUses:
    """Of one feature. `loose`: events and persons of days of which nobody kept who used it how
    often (usage/repeats.py).
    """

    persons: list[Numbers] = field(default_factory=list)
    times: list[Numbers] = field(default_factory=list)
    loose: list[tuple[int, Any]] = field(default_factory=list)
    totals: Numbers = field(default_factory=lambda: NOTHING)

    def add(self, use: _Use) -> None:
        if use.events == use.users.size + use.repeats.sum():
            self.persons.append(use.users)
            self.times.append(use.repeats + 1)
        else:
            self.loose.append((use.events, BitMap(use.users.astype(np.uint32))))

    def add_up(self) -> None:
        if self.persons:
            persons, times = np.concatenate(self.persons), np.concatenate(self.times)
            # Below 2⁵³, so exact.
            self.totals = np.bincount(persons, times).astype(np.int64)

    def of(self, some: Any) -> int | None:
        """The uses of `some` persons; None where that is not known."""
        numbers = array_of(some)
        uses = int(self.totals[numbers[numbers < self.totals.size]].sum())
        for events, users in self.loose:
            own = users.intersection_cardinality(some)
            if own == len(users):
                uses += events
            elif own:
                return None
        return uses


def read_person_uses(
    session: Session, account: int, first: date, last: date
) -> dict[int, PersonUses]:
    """By feature, both days included. Hot rows before sealed ones, as in daily.py."""
    feature_of = read_resolver(session).feature_of
    return _grouped(_uses(session, account, first, last), feature_of)


def read_name_uses(
    session: Session, account: int, first: date, last: date
) -> dict[str, PersonUses]:
    """The same by counted name."""
    return _grouped(_uses(session, account, first, last), lambda name: name)


def _grouped(uses: Iterable[_Use], key_of: Callable[[str], K | None]) -> dict[K, PersonUses]:
    found: dict[K, PersonUses] = {}
    for use in uses:
        key = key_of(use.name)
        if key is not None:
            found.setdefault(key, PersonUses()).add(use)
    for one in found.values():
        one.add_up()
    return found


def _uses(session: Session, account: int, first: date, last: date) -> Iterator[_Use]:
    hot: set[tuple[int, int]] = set()
    yield from _hot(session, account, first, last, hot)
    found = read_sealed(session, [account], first, last, UsageSealed.names)
    for _account, _block, days, packed in found:
        names, columns = read_names_by_id(session), blocks.unpack_names(packed, days)
        ends = np.cumsum(columns.counts)
        facts = (columns.names, columns.ordinals, columns.events, ends - columns.counts, ends)
        for name, day, events, start, end in zip(*(one.tolist() for one in facts), strict=True):
            if first.toordinal() <= day <= last.toordinal() and (day, name) not in hot:
                some = slice(start, end)
                yield _Use(names[name], events, columns.users[some], columns.repeats[some])


def _hot(
    session: Session, account: int, first: date, last: date, seen: set[tuple[int, int]]
) -> Iterator[_Use]:
    """`seen`: gets (day, name) of each."""
    wanted = (
        select(
            UsageNameDay.day,
            UsageNameDay.name_id,
            UsageName.name,
            UsageNameDay.events,
            UsageNameDay.users,
            UsageNameDay.repeats,
        )
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .where(UsageNameDay.account_id == account, UsageNameDay.day.between(first, last))
    )
    for day, name_id, name, events, users, repeats in session.execute(wanted):
        seen.add((day.toordinal(), name_id))
        numbers = array_of(BitMap.deserialize(users))
        yield _Use(name, events, numbers, _beside(numbers, repeats or b""))


def _beside(users: Numbers, packed: bytes) -> Numbers:
    column = np.zeros(users.size, np.int64)
    pairs = np.frombuffer(packed, NUMBER).reshape(-1, 2)
    column[np.searchsorted(users, pairs[:, 0])] = pairs[:, 1]
    return column
