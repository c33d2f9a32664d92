"""Old days are sealed: four weeks of an account in one packed row, a fifth of their hot size, so
that the tables which folds write stay small however long the history. What is sealed is counted
and read as before (usage/daily.py), and late events are added to it (usage/unsealing.py).

The hashes that tell a message which counts already are dropped when nobody can be expected to send
it again. An event of such a day is late: nobody can tell whether it counts, so it never counts
twice but is kept aside and listed.

Any number of processes may do this at any moment. A unit's account must not have been folded
between reading and writing: its row says by which fold it was changed last, and who changes an
account's days holds that row first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import UsageAccount, UsageDay, UsageNameDay, UsageSealed, UsageSeen
from portal.tenancy import system_scope
from portal.usage import blocks, repeats
from portal.usage.blocks import LENGTH, DayColumns, NameColumns, Packed, SlotColumns, block_of
from portal.usage.bulk import read_rows_of, save_rows
from portal.usage.days import Numbers
from portal.usage.rollups import Day, NameDay
from portal.usage.store import chunks
from portal.usage.unsealing import day_parts, name_parts

# Clients with a network send within minutes, telephones that were offline within days: what comes
# later than this is rare enough to make a hot row of its day again.
SEALED_AFTER = 35
# A retry comes soon after the first try. Nine weeks cover a telephone left in a drawer over the
# summer; hashes cost eight bytes an event, three times what the sealed figures of it do. They are
# kept for as long after their coming, too, so that an import of old history can be sent again.
KNOWN_FOR = 63
# Messages without a time stamp are known by days before 2000 and never forgotten: no later copy of
# one could be told from a new one.
FIRST_STAMPED = date(2000, 1, 1)
UNITS_AT_ONCE = 100
TRIES = 3


@dataclass(frozen=True, slots=True)
class SealReport:
    """`blocks` were sealed, the hashes of `days` dropped; `left` blocks were being folded and
    wait for the next time.
    """

    blocks: int = 0
    days: int = 0
    left: int = 0


@dataclass(slots=True)
class _Unit:
    """One account's block: its hot rows laid over what is sealed already."""

    account: int
    block: int
    days: dict[int, Day]
    names: dict[tuple[int, int], NameDay]


def seal(database: Database, now: datetime) -> SealReport:
    """Seals every block that ended long enough ago and has hot rows; forgets old hashes."""
    today = now.astimezone(UTC).date()
    sealed = left = 0
    for units in _due(database, now, today - timedelta(days=SEALED_AFTER)):
        done = _try_to_seal(database, now, units)
        sealed += done
        left += len(units) - done
    return SealReport(sealed, _forget(database, now, today - timedelta(days=KNOWN_FOR)), left)


def _first_hot(until: date) -> date:
    """Blocks that ended before `until` are due: the first day after them."""
    return date.fromordinal(block_of(until.toordinal()) * LENGTH)


def _due_days(session: Session, until: date) -> Sequence[Any]:
    wanted = select(UsageDay.account_id, UsageDay.day).where(UsageDay.day < _first_hot(until))
    return session.execute(wanted).all()


def _due(database: Database, now: datetime, until: date) -> Iterator[list[tuple[int, int]]]:
    """(account, block), block by block, a few accounts at once."""
    with database.session(system_scope(now, "seal")) as session:
        rows = _due_days(session, until)
    units = sorted({(block_of(row.day.toordinal()), row.account_id) for row in rows})
    for _, same in groupby(units, key=lambda unit: unit[0]):
        run = [(account, block) for block, account in same]
        for start in range(0, len(run), UNITS_AT_ONCE):
            yield run[start : start + UNITS_AT_ONCE]


def _try_to_seal(database: Database, now: datetime, keys: list[tuple[int, int]]) -> int:
    """How many were sealed: those left after some tries are busy."""
    done = 0
    for _ in range(TRIES):
        with database.session(system_scope(now, "seal")) as session:
            versions = _versions(session, {account for account, _ in keys})
            units = _read_units(session, keys)
        packed = {(unit.account, unit.block): _pack(unit) for unit in units if unit.days}
        with database.session(system_scope(now, "seal"), writes=True) as session:
            unchanged = _held(session, versions)
            good = [key for key in packed if key[0] in unchanged]
            _replace(session, {key: packed[key] for key in good})
            session.commit()
        done += len(good)
        keys = [key for key in keys if key in packed and key not in set(good)]
        if not keys:
            break
    return done


def _versions(session: Session, accounts: Iterable[int]) -> dict[int, int]:
    wanted = select(UsageAccount.account_id, UsageAccount.version)
    rows = session.execute(wanted.where(UsageAccount.account_id.in_(sorted(accounts))))
    return {row.account_id: row.version for row in rows}


def _held(session: Session, versions: dict[int, int]) -> set[int]:
    """Accounts that nobody has folded since; nobody can until commit."""
    wanted = (
        select(UsageAccount.account_id, UsageAccount.version)
        .where(UsageAccount.account_id.in_(sorted(versions)))
        .order_by(UsageAccount.account_id)
        .with_for_update()
    )
    rows = session.execute(wanted).all()
    return {row.account_id for row in rows if versions[row.account_id] == row.version}


def _read_units(session: Session, keys: Sequence[tuple[int, int]]) -> list[_Unit]:
    """Hot rows first, then what is sealed: a row is in at least one of the two."""
    units = {key: _Unit(*key, {}, {}) for key in keys}
    block = keys[0][1]
    first, last = (date.fromordinal(block * LENGTH + back) for back in (0, LENGTH - 1))
    accounts = sorted(account for account, _ in keys)
    days = select(UsageDay).where(
        UsageDay.account_id.in_(accounts), UsageDay.day.between(first, last)
    )
    for row in session.scalars(days):
        units[row.account_id, block].days[row.day.toordinal()] = Day(
            events=row.events,
            calls=row.calls,
            duration_ms=row.duration_ms,
            online_minutes=row.online_minutes,
            users=BitMap.deserialize(row.users),
            slots=BitMap.deserialize(row.slots),
            integrations=dict(row.integrations),
        )
    names = select(UsageNameDay).where(
        UsageNameDay.account_id.in_(accounts), UsageNameDay.day.between(first, last)
    )
    for use in session.scalars(names):
        units[use.account_id, block].names[use.day.toordinal(), use.name_id] = NameDay(
            events=use.events,
            duration_ms=use.duration_ms,
            users=BitMap.deserialize(use.users),
            repeats=repeats.unpacked(use.repeats),
        )
    _add_sealed(session, units)
    return list(units.values())


def _add_sealed(session: Session, units: dict[tuple[int, int], _Unit]) -> None:
    columns = ("account_id", "block", "days", "names", "slots")
    table = UsageSealed.__table__
    for row in read_rows_of(session, table, columns[:2], columns, sorted(units)):
        unit = units[row.account_id, row.block]
        unit.days = day_parts(row.block, row.days, row.slots) | unit.days
        unit.names = name_parts(row.block, row.days, row.names) | unit.names


def _pack(unit: _Unit) -> Packed:
    found = sorted(unit.days.items())
    counts, users = blocks.joined([day.users for _, day in found])
    days = DayColumns(
        ordinals=_numbers(ordinal for ordinal, _ in found),
        events=_numbers(day.events for _, day in found),
        calls=_numbers(day.calls for _, day in found),
        durations=_numbers(day.duration_ms for _, day in found),
        online=_numbers(day.online_minutes for _, day in found),
        counts=counts,
        users=users,
        integrations={ordinal: day.integrations for ordinal, day in found if day.integrations},
    )
    slots = SlotColumns(*blocks.joined([day.slots for _, day in found]))
    return blocks.pack_block(unit.block, days, _name_columns(unit), slots)


def _name_columns(unit: _Unit) -> NameColumns:
    found = sorted((name, day, use) for (day, name), use in unit.names.items())
    counts, users = blocks.joined([use.users for _, _, use in found])
    return NameColumns(
        names=_numbers(name for name, _, _ in found),
        ordinals=_numbers(day for _, day, _ in found),
        events=_numbers(use.events for _, _, use in found),
        durations=_numbers(use.duration_ms for _, _, use in found),
        counts=counts,
        users=users,
        repeats=repeats.columns_of((use.users, use.repeats) for _, _, use in found),
    )


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, np.int64)


def _replace(session: Session, packed: dict[tuple[int, int], Packed]) -> None:
    if not packed:
        return
    accounts, of_blocks = zip(*packed, strict=True)
    days, names, slots = zip(*packed.values(), strict=True)
    columns = {"account_id": accounts, "block": of_blocks, "days": days, "names": names}
    save_rows(session, UsageSealed.__table__, {**columns, "slots": slots})
    block = of_blocks[0]
    first, last = (date.fromordinal(block * LENGTH + back) for back in (0, LENGTH - 1))
    for model in (UsageDay, UsageNameDay):
        session.execute(
            delete(model)
            .where(model.account_id.in_(accounts), model.day.between(first, last))
            .execution_options(synchronize_session=False)
        )


def _forget(database: Database, now: datetime, until: date) -> int:
    """Drops hashes that are older, and came before that day; the account notes their days."""
    old = (UsageSeen.day >= FIRST_STAMPED, UsageSeen.day < until, UsageSeen.changed_on < until)
    with database.session(system_scope(now, "seal")) as session:
        accounts = session.scalars(select(UsageSeen.account_id).where(*old).distinct()).all()
    dropped = 0
    for some in chunks(accounts):
        with database.session(system_scope(now, "seal"), writes=True) as session:
            _held(session, dict.fromkeys(some, 0))
            gone = session.execute(
                delete(UsageSeen)
                .where(UsageSeen.account_id.in_(some), *old)
                .returning(UsageSeen.account_id, UsageSeen.day)
                .execution_options(synchronize_session=False)
            ).all()
            _note_forgotten(session, gone)
            session.commit()
        dropped += len(gone)
    return dropped


def _note_forgotten(session: Session, gone: Sequence[Any]) -> None:
    days: dict[int, Any] = {}
    for account, day in gone:
        days.setdefault(account, BitMap()).add(day.toordinal())
    columns = ("account_id", "forgotten")
    table = UsageAccount.__table__
    for row in read_rows_of(session, table, columns[:1], columns, sorted(days)):
        if row.forgotten is not None:
            days[row.account_id] |= BitMap.deserialize(row.forgotten)
    for account, bitmap in sorted(days.items()):
        bitmap.run_optimize()
        use = session.get_one(UsageAccount, account)
        use.forgotten = bitmap.serialize()
