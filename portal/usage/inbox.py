"""What was accepted and waits for the fold.

On PostgreSQL that is one table: the fold deletes the rows it has claimed in its own transaction,
because numbers are not committed in their order there. On SQLite requests lie in a file of their
own, beside what comes back from quarantine into the main file's table. There numbers are committed
in order, so the fold's transaction notes in the main file how far it has come (`inbox_to`), and the
rows up to there are deleted from the other file afterwards: one that is still there after a crash
is passed over, and deleted with the next step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.db import database_of
from portal.models import UsageFold, UsageInbox, UsageQuota
from portal.usage.reading import LogRow
from portal.usage.store import chunks

# Few at a time, so that the door never waits long for the file.
DELETED_AT_ONCE = 100
COLUMNS = (
    UsageInbox.id,
    UsageInbox.received_at,
    UsageInbox.bound_id,
    UsageInbox.key_id,
    UsageInbox.messages,
    UsageInbox.kind,
    UsageInbox.body,
    UsageInbox.replay,
)
Execute = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows to fold. `through`: the last number of those that lie in a file of their own; None
    where they lie in the main one.
    """

    rows: list[LogRow]
    through: int | None = None


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
    rows = _first(session.execute, 0, most)
    database = database_of(session)
    if rows or database.inbox is database.engine:
        return Claim(rows)
    with database.inbox.connect() as connection:
        rows = _first(connection.execute, _folded_to(session), most)
    return Claim(rows, rows[-1].id if rows else None)


def settle(session: Session, claimed: Claim) -> bool:
    """In the transaction of the fold's step; False where one of the rows is gone."""
    if claimed.through is not None:
        session.execute(
            update(UsageFold)
            .where(UsageFold.id == 1)
            .values(inbox_to=claimed.through)
            .execution_options(synchronize_session=False)
        )
        return True
    gone = 0
    for some in chunks(row.id for row in claimed.rows):
        deleted = session.execute(
            delete(UsageInbox)
            .where(UsageInbox.id.in_(some))
            .returning(UsageInbox.id)
            .execution_options(synchronize_session=False)
        ).all()
        gone += len(some) - len(deleted)
    return gone == 0


def sweep(session: Session) -> None:
    """Deletes from the file what the main one knows as folded."""
    database = database_of(session)
    if database.inbox is database.engine:
        return
    folded = UsageInbox.id <= _folded_to(session)
    some = select(UsageInbox.id).where(folded).order_by(UsageInbox.id).limit(DELETED_AT_ONCE)
    writing = database.inbox.execution_options(paceline_writes=True)
    while True:
        with database.inbox.connect() as connection:
            if connection.execute(some.limit(1)).first() is None:
                return
        with writing.begin() as connection:
            connection.execute(delete(UsageInbox).where(UsageInbox.id.in_(some)))


def waiting(session: Session) -> Waiting:
    wanted = select(
        func.coalesce(func.sum(UsageInbox.messages), 0), func.min(UsageInbox.received_at)
    )
    found = [session.execute(wanted).one()]
    database = database_of(session)
    if database.inbox is not database.engine:
        with database.inbox.connect() as connection:
            beside = wanted.where(UsageInbox.id > _folded_to(session))
            found.append(connection.execute(beside).one())
    oldest = [at for _, at in found if at is not None]
    return Waiting(sum(int(messages) for messages, _ in found), min(oldest, default=None))


def held_back(session: Session) -> list[HeldBack]:
    """By key, where a quota has refused anything."""
    wanted = select(
        UsageQuota.key_id,
        UsageQuota.refused_requests,
        UsageQuota.refused_events,
        UsageQuota.refused_at,
    ).where(UsageQuota.refused_at.is_not(None))
    with database_of(session).inbox.connect() as connection:
        rows = connection.execute(wanted).all()
    return [HeldBack(*row[:3], datetime.fromtimestamp(row[3] or 0, UTC)) for row in rows]


def is_empty(session: Session) -> bool:
    """A cheap look."""
    if session.scalar(select(UsageInbox.id).limit(1)) is not None:
        return False
    database = database_of(session)
    if database.inbox is database.engine:
        return True
    beside = select(UsageInbox.id).where(UsageInbox.id > _folded_to(session)).limit(1)
    with database.inbox.connect() as connection:
        return connection.execute(beside).first() is None


def _folded_to(session: Session) -> int:
    return session.scalar(select(UsageFold.inbox_to).where(UsageFold.id == 1)) or 0


def _first(execute: Execute, after: int, most: Most) -> list[LogRow]:
    counts = execute(
        select(UsageInbox.id, UsageInbox.messages, func.length(UsageInbox.body))
        .where(UsageInbox.id > after)
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
    found: list[LogRow] = []
    for some in chunks(chosen):
        wanted = select(*COLUMNS).where(UsageInbox.id.in_(some)).order_by(UsageInbox.id)
        found += [LogRow(*row) for row in execute(wanted)]
    return found
