"""Raw events of old days as columns: what counts of them leaves the log for the archive.

A block (28 days) of an account is due when the hashes of all its days were dropped: from then on
nothing more of them can count (usage/sealing.py), so an event needs no id any more, and copies of
it are not kept. In the log stays what is not archived: group and identify calls, messages without
a user id or a time stamp, of unknown accounts, refused ones, and what came too late.

Any number of processes may do this at any moment, beside folds, packing and rebuilds: one
transaction writes the archive and takes the messages out of the log, if both are as they were read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import UsageAccount, UsageArchive, UsageLog, UsageSeen
from portal.tenancy import system_scope
from portal.usage import archived, log, quarantine, versions
from portal.usage.archive_choice import Choice, Unit, choose, digest
from portal.usage.archive_known import pack_known
from portal.usage.blocks import LENGTH, block_of
from portal.usage.compaction import LEVEL, bared
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.erasing import is_erasing, last_erasure
from portal.usage.fixed import read_bounds
from portal.usage.log_rows import COLUMNS, PACK, Logged, packed, stored_row
from portal.usage.reading import LogRow, unpack
from portal.usage.sealing import FIRST_STAMPED, KNOWN_FOR
from portal.usage.store import chunks

# Of so many events are in memory at once, about; the log is read once for them.
SLICE_EVENTS = 1_000_000
TRIES = 3


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """`events` of `blocks` went to the archive; `left` blocks had changed meanwhile."""

    events: int = 0
    blocks: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _State:
    """What must be so still when the archive is written."""

    version: int
    erased: int
    late: Any


@dataclass(frozen=True, slots=True)
class _Work:
    """Done, but not written: `rows` of the archive, and `changes` of the log."""

    units: Mapping[Unit, Any]
    choice: Choice
    rows: list[dict[str, Any]]
    changes: "_Changes"
    state: _State


_NONE = np.zeros(0, np.int64)
NOTHING = archived.Archived([], [], _NONE, _NONE, _NONE, _NONE)
NOBODY = pack_known(_NONE.astype(np.uint64), _NONE)
# Row of the log → what stands there from now on; None for nothing.
_Changes = dict[int, dict[str, Any] | None]


def archive(database: Database, now: datetime, *, most_events: int = SLICE_EVENTS) -> ArchiveReport:
    """Archives every block that is due."""
    versions.ensure_version(database, now)
    events = blocks = left = 0
    for units in _slices(database, now, most_events):
        done = _try_to_archive(database, now, units)
        if done is None:
            left += len(units)
        else:
            events, blocks = events + done, blocks + len(units)
    return ArchiveReport(events, blocks, left)


def archived_days(session: Session) -> dict[int, Any]:
    """Account → bitmap of the days (ordinals, UTC) that are archived."""
    found: dict[int, Any] = {}
    for row in session.execute(select(UsageArchive.account_id, UsageArchive.days)):
        days = BitMap.deserialize(row.days)
        found[row.account_id] = found.get(row.account_id, BitMap()) | days
    return found


def _slices(database: Database, now: datetime, most_events: int) -> Iterator[dict[Unit, Any]]:
    """Units that are due, by (account, block) their days; the oldest first."""
    with database.session(system_scope(now, "archive")) as session:
        due = _due(session, now.astimezone(UTC).date() - timedelta(days=KNOWN_FOR))
        rates = _rates(session)
    some: dict[Unit, Any] = {}
    room = float(most_events)
    for unit in sorted(due, key=lambda one: (one[1], one[0])):
        room -= rates.get(unit[0], 0) * len(due[unit])
        if some and room < 0:
            yield some
            some, room = {}, float(most_events)
        some[unit] = due[unit]
    if some:
        yield some


def _due(session: Session, until: date) -> dict[Unit, Any]:
    done, first = archived_days(session), read_bounds(session).days
    known = select(UsageSeen.account_id, UsageSeen.day)
    known = known.where(UsageSeen.day >= FIRST_STAMPED, UsageSeen.day < until)
    waiting = {(row.account_id, block_of(row.day.toordinal())) for row in session.execute(known)}
    due: dict[Unit, Any] = {}
    wanted = select(UsageAccount.account_id, UsageAccount.forgotten)
    for account, forgotten in session.execute(wanted.where(UsageAccount.forgotten.is_not(None))):
        days = BitMap.deserialize(forgotten or b"") - done.get(account, BitMap())
        for day in days:
            unit = account, block_of(day)
            is_over = (unit[1] + 1) * LENGTH <= until.toordinal()
            if is_over and unit not in waiting and day >= first.get(account, 0):
                due.setdefault(unit, BitMap()).add(day)
    return due


def _rates(session: Session) -> dict[int, float]:
    """Events of each account a day, about."""
    wanted = select(
        UsageAccount.account_id, UsageAccount.events, UsageAccount.first_at, UsageAccount.last_at
    )
    return {
        row.account_id: row.events / ((row.last_at - row.first_at).days + 1)
        for row in session.execute(wanted)
    }


def _try_to_archive(database: Database, now: datetime, units: Mapping[Unit, Any]) -> int | None:
    """How many events went; None where the log or the days have changed each time."""
    for _ in range(TRIES):
        with database.session(system_scope(now, "archive")) as session:
            state = _state(session)
            if state is None:
                continue
            days = (
                (account, day - EPOCH_ORDINAL)
                for (account, _), some in units.items()
                for day in some
            )
            choice = choose(session, days, state.version, state.late)
            changes = _changes(session, choice)
        if changes is None:
            continue
        rows = [_row(unit, some, choice, now) for unit, some in sorted(units.items())]
        if _write(database, now, _Work(units, choice, rows, changes, state)):
            return sum(events.at.size for events, *_ in choice.archived.values())
    return None


def _state(session: Session) -> _State | None:
    """None while a person is being erased, or where somebody folded between two questions."""
    version = versions.read_version(session) or 0
    state = _State(version, last_erasure(session), quarantine.read_late(session))
    is_still = versions.read_version(session) == version and not is_erasing(session)
    return state if is_still else None


def _changes(session: Session, choice: Choice) -> _Changes | None:
    changes: _Changes = {}
    for some in chunks(choice.removed):
        found = 0
        for row in session.execute(select(*COLUMNS).where(UsageLog.id.in_(some))):
            if digest(row.kind, row.body) != choice.seen[row.id]:
                return None
            changes[row.id] = _without(row, choice.removed[row.id])
            found += 1
        if found != len(some):
            return None
    return changes


def _without(row: Any, removed: Mapping[int, set[int]]) -> dict[str, Any] | None:
    stored = stored_row(row)
    left: list[Logged] = []
    for index, one in enumerate(stored.requests):
        kept = one.row if index not in removed else _kept(one.row, removed[index])
        if kept is not None:
            left.append(replace(one, row=kept))
    if not left:
        return None
    messages = sum(one.row.messages for one in left)
    if stored.kind == PACK:
        return {"kind": PACK, "body": packed(left, LEVEL), "messages": messages}
    return {"kind": left[0].row.kind, "body": left[0].row.body, "messages": messages}


def _kept(row: LogRow, removed: set[int]) -> LogRow | None:
    """The request with what is left of it."""
    envelope, raws = unpack(row)
    kept = [raw for place, raw in enumerate(raws) if place not in removed and raw != b""]
    if not kept:
        return None
    made = replace(row, kind=log.KEPT, body=log.pack(envelope, kept), messages=len(kept))
    return bared(made)


def _write(database: Database, now: datetime, work: _Work) -> bool:
    with database.session(system_scope(now, "archive"), writes=True) as session:
        versions.hold(session)
        if not _still_stands(session, work):
            session.rollback()
            return False
        session.execute(insert(UsageArchive), work.rows)
        _change_log(session, work.changes)
        session.commit()
    return True


def _row(unit: Unit, days: Any, choice: Choice, now: datetime) -> dict[str, Any]:
    """Also of days without any event in the log: nobody asks for them again."""
    events, received_to, known = choice.archived.get(unit, (NOTHING, now, NOBODY))
    return {
        "account_id": unit[0],
        "block": unit[1],
        "events": events.at.size,
        "received_to": received_to,
        "days": days.serialize(),
        "body": archived.pack(events),
        "known": known,
    }


def _still_stands(session: Session, work: _Work) -> bool:
    if is_erasing(session) or last_erasure(session) != work.state.erased:
        return False
    wanted = select(UsageAccount.account_id, UsageAccount.forgotten)
    forgotten = {
        row.account_id: BitMap.deserialize(row.forgotten)
        for row in session.execute(wanted.where(UsageAccount.forgotten.is_not(None)))
    }
    done = archived_days(session)
    for (account, _), days in work.units.items():
        if not days <= forgotten.get(account, BitMap()) or days & done.get(account, BitMap()):
            return False
    return _are_as_read(session, work.choice)


def _are_as_read(session: Session, choice: Choice) -> bool:
    for some in chunks(choice.removed):
        wanted = select(UsageLog.id, UsageLog.kind, UsageLog.body).where(UsageLog.id.in_(some))
        rows = session.execute(wanted.with_for_update()).all()
        if len(rows) != len(some):
            return False
        if any(digest(row.kind, row.body) != choice.seen[row.id] for row in rows):
            return False
    return True


def _change_log(session: Session, changes: _Changes) -> None:
    for number, values in sorted(changes.items()):
        one = UsageLog.id == number
        statement: Any = delete(UsageLog).where(one)
        if values is not None:
            statement = update(UsageLog).where(one).values(values)
        session.execute(statement.execution_options(synchronize_session=False))
