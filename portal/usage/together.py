"""Everything of an account's days in as few statements as there are places where it may lie."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import case, null, select
from sqlalchemy.orm import Session

from portal.domain.event_rules import Resolver
from portal.models import UsageDay, UsageName, UsageNameDay, UsageSealed
from portal.usage import blocks
from portal.usage.bitmaps import array_of
from portal.usage.daily import ONE_DAY, DayRow, may_be_sealed
from portal.usage.days import Numbers
from portal.usage.event_rules import Used
from portal.usage.firsts import Firsts, FirstsInMaking
from portal.usage.marks import Marks, marks_of
from portal.usage.store import chunks

# What a bitmap and its place take beside its members, which take two bytes each at most.
OVERHEAD, A_MEMBER = 250, 2
# No event is older (moments.EARLIEST), whatever the zone.
EARLIEST = date(1999, 12, 30)
NO_SLOTS: Numbers = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Reach:
    """Days from `first`, names and minutes from days of their own or not at all, up to `last`."""

    first: date
    names_from: date | None
    slots_from: date | None
    last: date

    def widened(self, names_from: date | None, slots_from: date | None) -> "Reach":
        """Down to these days too."""
        names, slots = (
            min((day for day in pair if day is not None), default=None)
            for pair in ((self.names_from, names_from), (self.slots_from, slots_from))
        )
        return Reach(self.first, names, slots, self.last)

    def from_blocks(self) -> "Reach":
        """Down to where blocks begin: of one that is unpacked all days are as cheap as one."""
        names, slots = (
            None if day is None else _block_begin(day) for day in (self.names_from, self.slots_from)
        )
        return Reach(_block_begin(self.first), names, slots, self.last)

    def days(self, first: date | None) -> Iterator[date]:
        if first is not None:
            for index in range((self.last - first).days + 1):
                yield first + timedelta(days=index)


def _block_begin(day: date) -> date:
    return date.fromordinal(max(blocks.block_of(day.toordinal()) * blocks.LENGTH, 1))


@dataclass(slots=True)
class Together:
    """Each day of the reach has its entry, one without events an empty one."""

    rows: dict[date, DayRow] = field(default_factory=dict)
    names: dict[date, dict[str, tuple[int, Any]]] = field(default_factory=dict)
    slots: dict[date, Numbers] = field(default_factory=dict)
    marks: dict[date, Marks] = field(default_factory=dict)
    firsts: Firsts | None = None


def read_together(
    session: Session, account: int, zone: str, reach: Reach, activation: Resolver | None = None
) -> Together:
    """Hot rows before sealed ones, as in daily.py. With `activation` also who had an activation
    event when, which all days up to the reach's last say.
    """
    making = None if activation is None else FirstsInMaking(activation, reach.last)
    found = Together()
    _read_hot(session, account, reach, found)
    _read_hot_names(session, account, reach, found, making)
    _read_sealed(session, account, reach, found, making)
    found.firsts = None if making is None else making.made()
    for day in reach.days(reach.first):
        found.rows.setdefault(day, DayRow(day, 0, 0, 0, 0, BitMap(), {}))
    for day in reach.days(reach.names_from):
        found.names.setdefault(day, {})
    for day in reach.days(reach.slots_from):
        today, tomorrow = (found.slots.get(one, NO_SLOTS) for one in (day, day + ONE_DAY))
        found.marks[day] = marks_of(zone, day.toordinal(), today, tomorrow)
    found.slots.clear()
    return found


def bytes_of(
    rows: Iterable[DayRow], names: Iterable[Mapping[str, Used]], marks: Iterable[Marks]
) -> int:
    """That days take in memory, about."""
    bitmaps = [row.users for row in rows]
    bitmaps += [users for day in names for _events, users in day.values()]
    minutes = sum(one.persons.nbytes + one.minutes.nbytes + OVERHEAD for one in marks)
    return minutes + sum(OVERHEAD + A_MEMBER * len(users) for users in bitmaps)


def _read_hot(session: Session, account: int, reach: Reach, found: Together) -> None:
    """Of the day after the last only the minutes."""
    slots = null() if reach.slots_from is None else _from(reach.slots_from)
    wanted = select(
        UsageDay.day,
        UsageDay.events,
        UsageDay.calls,
        UsageDay.online_minutes,
        UsageDay.duration_ms,
        UsageDay.users,
        UsageDay.integrations,
        slots,
    ).where(UsageDay.account_id == account, UsageDay.day.between(reach.first, reach.last + ONE_DAY))
    for row in session.execute(wanted):
        day, events, calls, online, duration, users, integrations, minutes = row
        if day <= reach.last:
            persons = BitMap.deserialize(users)
            found.rows[day] = DayRow(day, events, calls, online, duration, persons, integrations)
        if minutes is not None:
            found.slots[day] = array_of(BitMap.deserialize(minutes))


def _from(first: date) -> Any:
    return case((UsageDay.day >= first, UsageDay.slots))


def _read_hot_names(
    session: Session, account: int, reach: Reach, found: Together, making: FirstsInMaking | None
) -> None:
    begin = reach.names_from if making is None else EARLIEST
    if begin is None:
        return
    wanted = (
        select(UsageNameDay.day, UsageName.name, UsageNameDay.events, UsageNameDay.users)
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .where(UsageNameDay.account_id == account, UsageNameDay.day.between(begin, reach.last))
    )
    for day, name, events, packed in session.execute(wanted):
        users = BitMap.deserialize(packed)
        if making is not None:
            making.add_hot(day, name, users)
        if reach.names_from is not None and day >= reach.names_from:
            found.names.setdefault(day, {})[name] = events, users


def _read_sealed(
    session: Session, account: int, reach: Reach, found: Together, making: FirstsInMaking | None
) -> None:
    if making is None and not may_be_sealed(session, reach.first):
        return
    begin = reach.first if making is None else EARLIEST
    names_from = reach.names_from if making is None else EARLIEST
    start, end = (blocks.block_of(one.toordinal()) for one in (begin, reach.last + ONE_DAY))
    wanted = select(
        UsageSealed.block,
        UsageSealed.days,
        _packed(UsageSealed.names, names_from),
        _packed(UsageSealed.slots, reach.slots_from),
    ).where(UsageSealed.account_id == account, UsageSealed.block.between(start, end))
    named = []
    for block, packed_days, packed_names, packed_slots in session.execute(wanted):
        days = blocks.unpack_days(block, packed_days)
        _add_days(found, days, reach)
        if packed_names is not None:
            named.append(blocks.unpack_names(packed_names, days))
        if packed_slots is not None:
            _add_slots(found, days, blocks.unpack_slots(packed_slots, days))
    names = _names(session, named)
    for columns in named:
        _add_names(found, columns, names, reach)
        if making is not None:
            making.add_sealed(_uses(columns, names))


def _uses(columns: blocks.NameColumns, names: dict[int, str]) -> Iterator[tuple[str, int, Numbers]]:
    users = np.split(columns.users, np.cumsum(columns.counts)[:-1])
    for name, ordinal, persons in zip(
        columns.names.tolist(), columns.ordinals.tolist(), users, strict=True
    ):
        yield names[name], ordinal, persons


def _names(session: Session, named: Iterable[blocks.NameColumns]) -> dict[int, str]:
    ids = {id_ for columns in named for id_ in columns.names.tolist()}
    found: dict[int, str] = {}
    for some in chunks(ids):
        wanted = select(UsageName.id, UsageName.name).where(UsageName.id.in_(some))
        found.update((id_, name) for id_, name in session.execute(wanted))
    return found


def _packed(column: Any, first: date | None) -> Any:
    if first is None:
        return null()
    return case((UsageSealed.block >= blocks.block_of(first.toordinal()), column))


def _add_days(found: Together, days: blocks.DayColumns, reach: Reach) -> None:
    columns = (days.events, days.calls, days.online, days.durations)
    users = blocks.bitmaps(days.counts, days.users)
    facts = zip(*(column.tolist() for column in columns), users, strict=True)
    for ordinal, (events, calls, online, duration, persons) in zip(
        days.ordinals.tolist(), facts, strict=True
    ):
        day = date.fromordinal(ordinal)
        if reach.first <= day <= reach.last:
            called = dict(days.integrations.get(ordinal, {}))
            row = DayRow(day, events, calls, online, duration, persons, called)
            found.rows.setdefault(day, row)


def _add_names(
    found: Together, columns: blocks.NameColumns, names: dict[int, str], reach: Reach
) -> None:
    if reach.names_from is None:
        return
    users = blocks.bitmaps(columns.counts, columns.users)
    facts = (columns.names, columns.ordinals, columns.events)
    for name, ordinal, events, persons in zip(*(one.tolist() for one in facts), users, strict=True):
        day = date.fromordinal(ordinal)
        if reach.names_from <= day <= reach.last:
            used = found.names.setdefault(day, {})
            used.setdefault(names[name], (events, persons))


def _add_slots(found: Together, days: blocks.DayColumns, columns: blocks.SlotColumns) -> None:
    slots = np.split(columns.slots, np.cumsum(columns.counts)[:-1])
    for ordinal, one in zip(days.ordinals.tolist(), slots, strict=True):
        found.slots.setdefault(date.fromordinal(ordinal), one)
