"""The rollups of a history, written without folding it: exactly those that folding makes, at some
hundred thousand events a second.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import insert, select, update

from portal.db import Database
from portal.models import (
    Account,
    UsageAccount,
    UsageDay,
    UsageFold,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageSealed,
    UsageSeen,
)
from portal.tenancy import system_scope
from portal.usage import blocks, versions
from portal.usage.bitmaps import LONGEST_GAP, SLOTS_A_PERSON
from portal.usage.blocks import LENGTH, DayColumns, NameColumns, SlotColumns
from portal.usage.bulk import save_rows
from portal.usage.days import EPOCH_ORDINAL, Numbers, split
from portal.usage.moments import DAY, moment_of
from portal.usage.sealing import KNOWN_FOR, SEALED_AFTER
from tests.benchmarks.usage.history import NAMES, History, Unit, name_of, user_of

ACCOUNTS_AT_ONCE = 100
Columns = dict[str, list[Any]]


@dataclass(slots=True)
class Written:
    """Rows of some accounts on their way into the tables. `names`: events, first and last moment
    of each name, over all accounts.
    """

    hot_until: date
    known_from: date
    today: date
    tables: dict[Any, Columns] = field(default_factory=dict)
    names: Numbers = field(default_factory=lambda: np.zeros((3, NAMES + 1), np.int64))

    def add(self, model: Any, **row: Any) -> None:
        columns = self.tables.setdefault(model, {name: [] for name in row})
        for name, value in row.items():
            columns[name].append(value)


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


def write_history(
    database: Database,
    made: History,
    until: date,
    now: datetime,
    ids: dict[int, int],
    *,
    since: date | None = None,
) -> int:
    """All events of the accounts' days before `until` (and not before `since`), as after sealing
    at `now`. Returns how many. Into empty tables; `ids` of `make_accounts`.
    """
    span = (since or made.first).toordinal(), until.toordinal()
    versions.ensure_version(database, now)
    today = now.astimezone(UTC).date()
    oldest = blocks.block_of((today - timedelta(days=SEALED_AFTER)).toordinal()) * LENGTH
    written = Written(date.fromordinal(oldest), today - timedelta(days=KNOWN_FOR), today)
    events = 0
    for start in range(0, made.accounts, ACCOUNTS_AT_ONCE):
        for account in range(start, min(start + ACCOUNTS_AT_ONCE, made.accounts)):
            events += _add_account(written, made, account, ids[account], span)
        _save(database, written, now)
    _add_names(written)
    _save(database, written, now)
    with database.session(system_scope(now, "history"), writes=True) as session:
        session.execute(update(UsageFold).values(version=1, folded_to=now))
        session.commit()
    return events


def _add_account(
    written: Written, made: History, account: int, id_: int, span: tuple[int, int]
) -> int:
    size = made.persons(account)
    seen = np.full(size, np.iinfo(np.int64).max), np.zeros(size, np.int64)
    forgotten, events = BitMap(), 0
    hashes: dict[int, list[Numbers]] = {}
    moments: list[int] = []
    for block in made.blocks:
        if (block + 1) * LENGTH <= span[0]:
            continue
        unit = made.unit(account, block)
        unit = unit.only(np.flatnonzero((unit.days >= span[0]) & (unit.days < span[1])))
        if not unit.stamps.size:
            continue
        events += unit.stamps.size
        moments += [int(unit.stamps.min()), int(unit.stamps.max())]
        np.minimum.at(seen[0], unit.persons, unit.stamps)
        np.maximum.at(seen[1], unit.persons, unit.days)
        _note_names(written, unit)
        _add_unit(written, made, unit, id_)
        forgotten |= _note_hashes(written, unit, hashes)
    if events:
        _add_persons(written, account, id_, *seen)
        _add_hashes(written, id_, hashes)
        written.add(
            UsageAccount,
            account_id=id_,
            time_zone=made.zone(account),
            persons=size,
            events=events,
            first_at=moment_of(min(moments)),
            last_at=moment_of(max(moments)),
            version=1,
            forgotten=forgotten.serialize() if forgotten else None,
        )
    return events


def _add_persons(written: Written, account: int, id_: int, first: Numbers, last: Numbers) -> None:
    for number in np.flatnonzero(last).tolist():
        written.add(
            UsagePerson,
            account_id=id_,
            number=number,
            external_id=user_of(account, number),
            first_at=moment_of(int(first[number])),
            last_day=date.fromordinal(int(last[number])),
        )


def _note_names(written: Written, unit: Unit) -> None:
    events, first, last = written.names
    first[events == 0] = np.iinfo(np.int64).max
    np.add.at(events, unit.names, 1)
    np.minimum.at(first, unit.names, unit.stamps)
    np.maximum.at(last, unit.names, unit.stamps)


def _add_names(written: Written) -> None:
    for number in np.flatnonzero(written.names[0]).tolist():
        events, first, last = written.names[:, number].tolist()
        written.add(
            UsageName,
            id=number,
            name=name_of(number),
            events=events,
            first_at=moment_of(first),
            last_at=moment_of(last),
        )


def _add_unit(written: Written, made: History, unit: Unit, id_: int) -> None:
    days, names, slots = columns_of(made.zone(unit.account), unit)
    if unit.block * LENGTH < written.hot_until.toordinal():
        packed = blocks.pack_block(unit.block, days, names, slots)
        written.add(UsageSealed, account_id=id_, block=unit.block, **packed._asdict())
        return
    users, marks = (
        blocks.bitmaps(days.counts, days.users),
        blocks.bitmaps(slots.counts, slots.slots),
    )
    for place, ordinal in enumerate(days.ordinals.tolist()):
        written.add(
            UsageDay,
            account_id=id_,
            day=date.fromordinal(ordinal),
            events=int(days.events[place]),
            calls=0,
            duration_ms=0,
            online_minutes=int(days.online[place]),
            users=users[place].serialize(),
            slots=marks[place].serialize(),
            integrations={},
        )
    facts = zip(
        names.ordinals.tolist(),
        names.names.tolist(),
        names.events.tolist(),
        blocks.bitmaps(names.counts, names.users),
        strict=True,
    )
    for ordinal, name, events, who in facts:
        written.add(
            UsageNameDay,
            account_id=id_,
            day=date.fromordinal(ordinal),
            name_id=name,
            events=events,
            duration_ms=0,
            users=who.serialize(),
        )


def _note_hashes(written: Written, unit: Unit, into: dict[int, list[Numbers]]) -> Any:
    """Of the UTC days that are still known (two blocks share one); returns the others."""
    buckets = unit.stamps // DAY + EPOCH_ORDINAL
    known = buckets >= written.known_from.toordinal()
    fresh = unit.only(np.flatnonzero(known))
    hashes, days = fresh.hashes(), buckets[known]
    for day in np.unique(days).tolist():
        into.setdefault(day, []).append(hashes[days == day])
    return BitMap(np.unique(buckets[~known]).astype(np.uint32))


def _add_hashes(written: Written, id_: int, found: dict[int, list[Numbers]]) -> None:
    for day, hashes in found.items():
        written.add(
            UsageSeen,
            account_id=id_,
            day=date.fromordinal(day),
            hashes=np.sort(np.concatenate(hashes)).astype("<u8").tobytes(),
            changed_on=written.today,
        )


def columns_of(zone: str, unit: Unit) -> tuple[DayColumns, NameColumns, SlotColumns]:
    days, minutes = split(zone, unit.stamps)
    first = int(days.min())
    offsets = days - first
    ordinals, events = np.unique(offsets, return_counts=True)
    users = np.unique(offsets << 32 | unit.persons)
    slots = np.unique(offsets << 32 | (unit.persons * SLOTS_A_PERSON + minutes))
    nothing = np.zeros(ordinals.size, np.int64)
    day_columns = DayColumns(
        ordinals + first,
        events,
        nothing,
        nothing,
        _online(slots, ordinals.size, ordinals),
        np.unique(users >> 32, return_counts=True)[1],
        users & 0xFFFFFFFF,
        {},
    )
    slot_columns = SlotColumns(np.unique(slots >> 32, return_counts=True)[1], slots & 0xFFFFFFFF)
    return day_columns, _name_columns(unit, offsets, first), slot_columns


def _online(slots: Numbers, size: int, ordinals: Numbers) -> Numbers:
    """The history has nothing around midnight, so each day stands by itself."""
    marks = slots & 0xFFFFFFFF
    day, person, minute = slots >> 32, marks // SLOTS_A_PERSON, marks % SLOTS_A_PERSON
    gaps = np.diff(minute)
    counts = (np.diff(day) == 0) & (np.diff(person) == 0) & (gaps <= LONGEST_GAP)
    places = np.searchsorted(ordinals, day[:-1][counts])
    return np.bincount(places, weights=gaps[counts], minlength=size).astype(np.int64)


def _name_columns(unit: Unit, offsets: Numbers, first: int) -> NameColumns:
    uses, events = np.unique(unit.names << 16 | offsets, return_counts=True)
    users = np.unique((unit.names << 16 | offsets) << 32 | unit.persons)
    counts = np.unique(users >> 32, return_counts=True)[1]
    nothing = np.zeros(uses.size, np.int64)
    return NameColumns(
        uses >> 16, (uses & 0xFFFF) + first, events, nothing, counts, users & 0xFFFFFFFF
    )


def _save(database: Database, written: Written, now: datetime) -> None:
    with database.session(system_scope(now, "history"), writes=True) as session:
        for model, columns in written.tables.items():
            save_rows(session, model.__table__, columns)
        session.commit()
    written.tables.clear()
