"""The daily rollups as they are read: hot rows and sealed ones alike.

A hot row (usage_day, usage_name_day) counts instead of what is sealed of the same day or name. Hot
rows are read before sealed ones: sealing in between moves a row to where it is still to be read.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.models import UsageDay, UsageName, UsageNameDay, UsageSealed
from portal.tenancy import scope_of
from portal.usage import blocks
from portal.usage.blocks import DayColumns, NameColumns
from portal.usage.days import Numbers

ONE_DAY = timedelta(days=1)
# Younger days are not sealed yet (sealing.SEALED_AFTER, less than which the clocks may differ).
NOT_SEALED = timedelta(days=33)
NAMES = "usage names"
Accounts = Collection[int] | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day without any event has zeros and an empty bitmap."""

    day: date
    events: int
    calls: int
    online_minutes: int
    duration_ms: int
    users: Any
    integrations: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Users:
    """A bitmap as it lies there: made only for who asks."""

    bitmap: bytes | Numbers

    @property
    def users(self) -> Any:
        if isinstance(self.bitmap, bytes):
            return BitMap.deserialize(self.bitmap)
        return BitMap(self.bitmap.astype(np.uint32))


@dataclass(frozen=True, slots=True)
class AccountDayRow(_Users):
    account: int
    day: date
    events: int
    calls: int


@dataclass(frozen=True, slots=True)
class NameDayRow(_Users):
    """One account's day of one counted name (domain/event_rules.py)."""

    account: int
    day: date
    name: str
    events: int


def read_days(session: Session, account: int, first: date, last: date) -> list[DayRow]:
    """Every day from `first` to `last`, both included."""
    wanted = select(
        UsageDay.day,
        UsageDay.events,
        UsageDay.calls,
        UsageDay.online_minutes,
        UsageDay.duration_ms,
        UsageDay.users,
        UsageDay.integrations,
    ).where(UsageDay.account_id == account, UsageDay.day.between(first, last))
    hot = {
        day: DayRow(day, events, calls, online, duration, BitMap.deserialize(users), integrations)
        for day, events, calls, online, duration, users, integrations in session.execute(wanted)
    }
    for _, _, days, _ in read_sealed(session, [account], first, last):
        for row in _day_rows(days):
            hot.setdefault(row.day, row)
    return [
        hot.get(day) or DayRow(day, 0, 0, 0, 0, BitMap(), {})
        for day in (first + ONE_DAY * index for index in range((last - first).days + 1))
    ]


def _day_rows(days: DayColumns) -> Iterator[DayRow]:
    columns = (days.ordinals, days.events, days.calls, days.online, days.durations)
    users = blocks.bitmaps(days.counts, days.users)
    facts = zip(*(column.tolist() for column in columns), users, strict=True)
    for ordinal, events, calls, online, duration, bitmap in facts:
        called = dict(days.integrations.get(ordinal, {}))
        day = date.fromordinal(ordinal)
        yield DayRow(day, events, calls, online, duration, bitmap, called)


def read_slots(session: Session, account: int, first: date, last: date) -> dict[date, Any]:
    """Person × minute bitmaps of the days that have any."""
    wanted = select(UsageDay.day, UsageDay.slots).where(
        UsageDay.account_id == account, UsageDay.day.between(first, last)
    )
    found = {row.day: BitMap.deserialize(row.slots) for row in session.execute(wanted)}
    sealed = read_sealed(session, [account], first, last, UsageSealed.slots)
    for _, _, days, packed in sealed:
        slots = blocks.unpack_slots(packed, days)
        marks = blocks.bitmaps(slots.counts, slots.slots)
        for ordinal, one in zip(days.ordinals.tolist(), marks, strict=True):
            day = date.fromordinal(ordinal)
            if first <= day <= last:
                found.setdefault(day, one)
    return found


def read_account_days(
    session: Session, accounts: Accounts, first: date, last: date
) -> list[AccountDayRow]:
    """The days with events of these accounts, or of all in reach, in no order."""
    columns = (
        *(UsageDay.users, UsageDay.account_id, UsageDay.day),
        *(UsageDay.events, UsageDay.calls),
    )
    wanted = select(*columns).where(UsageDay.day.between(first, last))
    if accounts is not None:
        wanted = wanted.where(UsageDay.account_id.in_(accounts))
    found = [AccountDayRow(*row) for row in session.execute(wanted)]
    known: set[tuple[int, date]] | None = None
    for account, _, days, _ in read_sealed(session, accounts, first, last):
        known = {(row.account, row.day) for row in found} if known is None else known
        found += [
            row
            for row in _account_days(account, days)
            if first <= row.day <= last and (account, row.day) not in known
        ]
    return found


def _account_days(account: int, days: DayColumns) -> Iterator[AccountDayRow]:
    users = np.split(days.users, np.cumsum(days.counts)[:-1])
    columns = (days.ordinals, days.events, days.calls)
    for some, ordinal, *counts in zip(users, *(one.tolist() for one in columns), strict=True):
        yield AccountDayRow(some, account, date.fromordinal(ordinal), *counts)


def read_name_days(
    session: Session,
    accounts: Accounts,
    first: date,
    last: date,
    only: Collection[str] | None = None,
) -> list[NameDayRow]:
    """Of these accounts (or all in reach) in the window, in no order; `only` of these names."""
    hot = _hot_names(session, accounts, first, last, only)
    found = [NameDayRow(users, account, day, name, n) for account, day, _, name, n, users in hot]
    sealed = list(read_sealed(session, accounts, first, last, UsageSealed.names))
    if sealed:
        known = {(of, day.toordinal(), id_) for of, day, id_, *_ in hot}
        names = read_names_by_id(session)
        if only is not None:
            names = {id_: name for id_, name in names.items() if name in set(only)}
        for account, _, days, packed in sealed:
            columns = blocks.unpack_names(packed, days)
            found += _name_days(account, columns, names, _within(first, last, known))
    return found


def read_name_totals(session: Session, first: date) -> Iterator[tuple[str, int, int]]:
    """Counted name, account and its events since `first`, of all accounts in reach. `first` is
    at most 30 days ago: such days are not sealed.
    """
    wanted = (
        select(UsageName.name, UsageNameDay.account_id, func.sum(UsageNameDay.events))
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .where(UsageNameDay.day >= first)
        .group_by(UsageName.name, UsageNameDay.account_id)
    )
    for name, account, events in session.execute(wanted):
        yield name, account, int(events)


def _hot_names(
    session: Session, accounts: Accounts, first: date, last: date, only: Collection[str] | None
) -> list[Any]:
    wanted = (
        select(
            UsageNameDay.account_id,
            UsageNameDay.day,
            UsageNameDay.name_id,
            UsageName.name,
            UsageNameDay.events,
            UsageNameDay.users,
        )
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .where(UsageNameDay.day.between(first, last))
    )
    if accounts is not None:
        wanted = wanted.where(UsageNameDay.account_id.in_(accounts))
    if only is not None:
        wanted = wanted.where(UsageName.name.in_(only))
    return list(session.execute(wanted))


def _within(
    first: date, last: date, hot: set[tuple[int, int, int]]
) -> Callable[[int, int, int], bool]:
    begin, end = first.toordinal(), last.toordinal()
    return lambda account, day, name: begin <= day <= end and (account, day, name) not in hot


def _name_days(
    account: int,
    columns: NameColumns,
    names: dict[int, str],
    fits: Callable[[int, int, int], bool],
) -> Iterator[NameDayRow]:
    ends = np.cumsum(columns.counts)
    facts = (columns.names, columns.ordinals, columns.events, ends - columns.counts, ends)
    for name, day, events, start, end in zip(*(one.tolist() for one in facts), strict=True):
        if name in names and fits(account, day, name):
            users = columns.users[start:end]
            yield NameDayRow(users, account, date.fromordinal(day), names[name], events)


def read_names_by_id(session: Session) -> dict[int, str]:
    """Read once for the life of a session that changes nothing."""
    kept: dict[int, str] | None = session.info.get(NAMES)
    if kept is None:
        kept = {row.id: row.name for row in session.execute(select(UsageName.id, UsageName.name))}
        if not session.info.get("writes", True):
            session.info[NAMES] = kept
    return kept


def may_be_sealed(session: Session, first: date) -> bool:
    """Whether any day from `first` on may be."""
    return first <= scope_of(session).now.date() - NOT_SEALED


def read_sealed(
    session: Session,
    accounts: Accounts,
    first: date,
    last: date,
    beside: Any = None,
) -> Iterator[tuple[int, int, DayColumns, bytes]]:
    """Account, block, its days, and the packed column that was asked for."""
    columns: list[ColumnElement[Any]] = [
        UsageSealed.account_id,  # type: ignore[list-item] # mapped attributes are columns here
        UsageSealed.block,  # type: ignore[list-item] # likewise
        UsageSealed.days,  # type: ignore[list-item] # likewise
    ]
    if beside is not None:
        columns.append(beside)
    if not may_be_sealed(session, first):
        return
    run = blocks.block_of(first.toordinal()), blocks.block_of(last.toordinal())
    wanted = select(*columns).where(UsageSealed.block.between(*run))
    if accounts is not None:
        wanted = wanted.where(UsageSealed.account_id.in_(accounts))
    for account, block, days, *rest in session.execute(wanted):
        yield account, block, blocks.unpack_days(block, days), rest[0] if rest else b""
