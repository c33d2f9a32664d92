"""Requests of past days packed together, so that the log takes a fraction of the bytes.

Requests that follow each other and came on the same day (UTC) become one row, their texts
compressed together. Nothing of them is lost and their order stays. Any number of processes may do
this at any moment, beside folds, rebuilds and each other: a run is replaced only if its rows are
still what was read.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby

import zstandard
from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import UsageLog
from portal.tenancy import system_scope
from portal.usage import log, wire
from portal.usage.log_rows import COLUMNS, PACK, Logged, Place, packed, stored_row
from portal.usage.reading import LogRow
from portal.usage.store import chunks

# Beyond this level packing takes several times as long for a tenth less.
LEVEL = 12
# A pack is read as a whole: so many rows and messages at most.
ROWS, MESSAGES = 5_000, 20_000
LISTED = 20_000


@dataclass(frozen=True, slots=True)
class CompactReport:
    """`requests` were packed into `packs`; `left` runs had changed meanwhile."""

    requests: int = 0
    packs: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    place: Place
    day: date
    messages: int
    is_pack: bool


def compact(database: Database, now: datetime) -> CompactReport:
    """Packs what came before today (UTC)."""
    requests = packs = left = 0
    for run in _runs(database, now):
        if _pack_run(database, now, [row.place[1] for row in run]):
            requests, packs = requests + len(run), packs + 1
        else:
            left += 1
    return CompactReport(requests, packs, left)


def _runs(database: Database, now: datetime) -> Iterator[list[_Row]]:
    """Rows that follow each other, none of them a pack, of one day; single ones too."""
    today = now.astimezone(UTC).date()
    after: Place = (-1, -1)
    while True:
        with database.session(system_scope(now, "compact")) as session:
            rows = _listed(session, after)
        if not rows:
            return
        for (day, is_pack), some in groupby(rows, key=lambda row: (row.day, row.is_pack)):
            if not is_pack and day < today:
                yield from _shares(list(some))
        after = rows[-1].place


def _listed(session: Session, after: Place) -> list[_Row]:
    wanted = (
        select(
            UsageLog.version, UsageLog.id, UsageLog.received_at, UsageLog.messages, UsageLog.kind
        )
        .where(tuple_(UsageLog.version, UsageLog.id) > after, UsageLog.version >= after[0])
        .order_by(UsageLog.version, UsageLog.id)
        .limit(LISTED)
    )
    return [
        _Row(
            (row.version, row.id),
            row.received_at.astimezone(UTC).date(),
            row.messages,
            row.kind == PACK,
        )
        for row in session.execute(wanted)
    ]


def _shares(run: list[_Row]) -> Iterator[list[_Row]]:
    some: list[_Row] = []
    messages = 0
    for row in run:
        some.append(row)
        messages += row.messages
        if len(some) == ROWS or messages >= MESSAGES:
            yield some
            some, messages = [], 0
    if some:
        yield some


def _pack_run(database: Database, now: datetime, ids: Sequence[int]) -> bool:
    with database.session(system_scope(now, "compact")) as session:
        found = _read(session, ids)
    if len(found) != len(ids):
        return False
    body = packed([replace(one, row=bared(one.row)) for one in found], LEVEL)
    with database.session(system_scope(now, "compact"), writes=True) as session:
        if _read(session, ids, hold=True) != found:
            return False
        replace_run(session, found, body)
        session.commit()
    return True


def _read(session: Session, ids: Sequence[int], *, hold: bool = False) -> list[Logged]:
    """Those of the rows that are there and no packs; `hold`: nobody changes them until commit."""
    found: list[Logged] = []
    for some in chunks(ids):
        wanted = select(*COLUMNS).where(UsageLog.id.in_(some), UsageLog.kind != PACK)
        wanted = wanted.with_for_update() if hold else wanted
        found += [one for row in session.execute(wanted) for one in stored_row(row).requests]
    return sorted(found, key=lambda one: one.place)


def replace_run(session: Session, run: Sequence[Logged], body: bytes) -> None:
    """One pack in the place of the last row instead of the rows. The caller commits."""
    last = run[-1].row.id
    session.execute(
        update(UsageLog)
        .where(UsageLog.id == last)
        .values(
            kind=PACK,
            body=body,
            messages=sum(one.row.messages for one in run),
            received_at=max(one.row.received_at for one in run),
            bound_id=None,
            key_id=None,
        )
        .execution_options(synchronize_session=False)
    )
    for some in chunks(one.row.id for one in run[:-1]):
        gone = delete(UsageLog).where(UsageLog.id.in_(some))
        session.execute(gone.execution_options(synchronize_session=False))


def bared(row: LogRow) -> LogRow:
    """Its text as it is: what is compressed already cannot be compressed with others."""
    try:
        if row.kind == log.KEPT:
            return replace(row, body=zlib.compress(zlib.decompress(row.body), 0))
        if row.body.startswith(wire.GZIP):
            return replace(row, body=wire.unpacked(row.body))
        if row.body.startswith(log.ZSTANDARD):
            text = zstandard.decompress(row.body)
            fits = row.kind == wire.LINES or len(text) <= wire.BATCH_BYTES
            return replace(row, body=text) if fits else row
    except log.DAMAGE:
        return row
    return row
