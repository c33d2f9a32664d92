"""What was accepted and waits for the fold.

On PostgreSQL that is one table: the fold deletes the rows it has claimed in its own transaction,
because numbers are not committed in their order there. On SQLite requests lie in the journal
(portal/journal.py), beside what comes back from quarantine into the main file's table. The fold's
transaction notes in the main file how far each part is folded, and parts that are folded to their
end are deleted afterwards: one that is still there after a crash is deleted with the next step.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from portal import journal
from portal.db import database_of
from portal.models import UsageInbox, UsageJournal, UsageLog, UsageQuota
from portal.tenancy import scope_of
from portal.usage import moments
from portal.usage.bulk import listed, read_rows_of
from portal.usage.reading import LogRow
from portal.usage.store import chunks

COLUMNS = ("id", "received_at", "bound_id", "key_id", "messages", "kind", "body", "replay")
# What the log keeps of a row, beside the fold's version.
LOGGED = ("received_at", "bound_id", "key_id", "messages", "kind", "body")
Execute = Callable[[Any], Any]
# A copy of a part that is put back within this time is known as folded.
REMEMBERED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows to fold. `through`: part of the journal → how far they reach; empty where they lie in
    the main file.
    """

    rows: list[LogRow]
    through: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldBack:
    key_id: int
    requests: int
    events: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    messages: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Most:
    """How much one step takes: rows, and about so many messages and (compressed) bytes."""

    rows: int
    messages: int
    size: int


def claim(session: Session, most: Most) -> Claim:
    """The next rows in their order. The session has read the fold's version already: who writes
    them with that version is the only one to do so.
    """
    rows = _first(session, most)
    if rows:
        return Claim(rows)
    return _first_of_journal(session, most)


def settle(session: Session, claimed: Claim) -> bool:
    """In the transaction of the fold's step; False where one of the rows is gone."""
    if claimed.through:
        _note(session, claimed.through)
        return True
    ids = sorted(row.id for row in claimed.rows)
    deleted = session.execute(
        delete(UsageInbox)
        .where(UsageInbox.id.in_(listed(session, ids)))
        .returning(UsageInbox.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(deleted) == len(ids)


def copy_to_log(session: Session, ids: Iterable[int], version: int) -> None:
    """Rows of the table, in their order. Their bodies stay where the database is: those of the
    journal alone have to be brought.
    """
    columns = [UsageInbox.__table__.c[name] for name in LOGGED]
    wanted = (
        select(literal(version, BigInteger), *columns)
        .where(UsageInbox.id.in_(listed(session, sorted(ids))))
        .order_by(UsageInbox.id)
    )
    session.execute(insert(UsageLog).from_select(["version", *LOGGED], wanted))


def sweep(session: Session) -> None:
    """Deletes the parts of the journal that the main file knows as folded to their end."""
    for folder, name, end in _journal(session):
        journal.remove_read(folder, name, end)


def waiting(session: Session) -> Waiting:
    messages, oldest_at = session.execute(
        select(func.coalesce(func.sum(UsageInbox.messages), 0), func.min(UsageInbox.received_at))
    ).one()
    found = [Waiting(int(messages), oldest_at)]
    for folder, name, begin in _journal(session):
        frames = list(journal.frames(folder, name, begin))
        first = moments.moment_of(frames[0].at) if frames else None
        found.append(Waiting(sum(frame.messages for frame in frames), first))
    oldest = [one.oldest_at for one in found if one.oldest_at is not None]
    return Waiting(sum(one.messages for one in found), min(oldest, default=None))


def held_back(session: Session) -> list[HeldBack]:
    """By key, where a quota has refused anything."""
    wanted = select(
        UsageQuota.key_id,
        UsageQuota.refused_requests,
        UsageQuota.refused_events,
        UsageQuota.refused_at,
    ).where(UsageQuota.refused_at.is_not(None))
    with database_of(session).quotas.connect() as connection:
        rows = connection.execute(wanted).all()
    return [HeldBack(*row[:3], datetime.fromtimestamp(row[3] or 0, UTC)) for row in rows]


def is_empty(session: Session) -> bool:
    """A cheap look."""
    if session.scalar(select(UsageInbox.id).limit(1)) is not None:
        return False
    return not any(
        any(journal.frames(folder, name, begin)) for folder, name, begin in _journal(session)
    )


def _first(session: Session, most: Most) -> list[LogRow]:
    counts = session.execute(
        select(UsageInbox.id, UsageInbox.messages, func.length(UsageInbox.body))
        .order_by(UsageInbox.id)
        .limit(most.rows)
    ).all()
    chosen, messages, size = [], 0, 0
    for row_id, row_messages, row_size in counts:
        if messages >= most.messages or size >= most.size:
            break
        chosen.append(row_id)
        messages += row_messages
        size += row_size
    rows = read_rows_of(session, UsageInbox.__table__, COLUMNS[:1], COLUMNS, chosen)
    return sorted((LogRow(*tuple(row)) for row in rows), key=attrgetter("id"))


# --- the journal ------------------------------------------------------------------------------


def folded_to(execute: Execute) -> dict[str, int]:
    """Of the parts of the journal that are folded, in part or whole."""
    return dict(execute(select(UsageJournal.part, UsageJournal.folded_to)).all())


def _journal(session: Session) -> list[tuple[Path, str, int]]:
    """Folder, part, and how far it is folded; nothing on PostgreSQL."""
    folder, names = database_of(session).journal, _parts(session)
    if folder is None or not names:
        return []
    known = folded_to(session.execute)
    return [(folder, name, known.get(name, 0)) for name in names]


def _first_of_journal(session: Session, most: Most) -> Claim:
    claim = Claim([])
    messages = size = 0
    for folder, name, begin in _journal(session):
        for frame, rows in journal.read(folder, name, begin):
            if messages >= most.messages or size >= most.size or len(claim.rows) >= most.rows:
                return claim
            claim.rows.extend(_log_row(frame.begin + place, row) for place, row in enumerate(rows))
            claim.through[name] = frame.end
            messages += frame.messages
            size += frame.end - frame.begin
    return claim


def _log_row(number: int, row: journal.NewRow) -> LogRow:
    return LogRow(
        number, row.received_at, row.bound_id, row.key_id, row.messages, row.kind, row.body
    )


def _note(session: Session, through: dict[str, int]) -> None:
    """And forgets parts that are long gone."""
    for name, end in through.items():
        session.merge(UsageJournal(part=name, folded_to=end))
    there = set(_parts(session))
    limit = scope_of(session).now - REMEMBERED
    gone = [
        name
        for name in session.scalars(select(UsageJournal.part))
        if name not in there and journal.made_at(name) < limit
    ]
    for some in chunks(gone):
        session.execute(delete(UsageJournal).where(UsageJournal.part.in_(some)))


def _parts(session: Session) -> list[str]:
    folder = database_of(session).journal
    return [] if folder is None else journal.parts(folder)
