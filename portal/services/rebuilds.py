"""Figures made again from raw events, asked for on a page or by the command; the old ones are
shown until the new ones stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Conflict, NotFound
from portal.models import Account, UsageArchive, UsageFold, UsageLog, UsageRun
from portal.services.audit import record
from portal.services.jobs import enqueue
from portal.tenancy import scope_of, system_scope
from portal.usage.fixed import read_bounds
from portal.usage.fold import fold_pending
from portal.usage.quarantine import count_late
from portal.usage.rebuild import rebuild
from portal.usage.replay import Progress, counts_late
from portal.usage.steps import FoldReport

REBUILD, JOB = "rebuild", "usage.rebuild"
LISTED = 10
BUSY = "These figures are being made again already."
# How far it has come is written down so many times at most.
STEPS = 100


@dataclass(frozen=True, slots=True)
class RebuildView:
    """`done` of `total` messages are read; `account` is a name, empty for all of them."""

    id: int
    account: str
    begun_at: datetime
    ended_at: datetime | None
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RawKept:
    """What is kept of raw events: messages in the log, with the moment of the oldest request, and
    events in the archive; and from when on nothing is gone, where something is. `late`: messages
    listed as too late to be counted; they `late_stay` so after a rebuild where nobody could tell
    which of them had counted before.
    """

    messages: int
    oldest_at: datetime | None
    archived: int
    log_from: datetime | None
    late: int
    late_stay: bool


def raw_kept(session: Session) -> RawKept:
    messages, oldest = session.execute(
        select(func.sum(UsageLog.messages), func.min(UsageLog.received_at))
    ).one()
    archived = session.scalar(select(func.sum(UsageArchive.events)))
    log_from = session.scalar(select(UsageFold.log_from).where(UsageFold.id == 1))
    stay = not counts_late(session, read_bounds(session), None)
    late = count_late(session)
    return RawKept(int(messages or 0), oldest, int(archived or 0), log_from, late, stay)


def begin_rebuild(session: Session, account_key: str = "") -> int:
    """Of one account, or of all; returns the number of the run. Raises NotFound, and Conflict
    where the same is under way. The caller has it done, and commits.
    """
    account_id = _account(session, account_key) if account_key else None
    open_ = select(UsageRun.id).where(UsageRun.kind == REBUILD, UsageRun.ended_at.is_(None))
    if session.scalar(open_.where(UsageRun.account_id.is_not_distinct_from(account_id)).limit(1)):
        raise Conflict(BUSY, code="rebuild-open")
    run = UsageRun(
        kind=REBUILD, begun_at=scope_of(session).now, account_id=account_id, done=0, total=0
    )
    session.add(run)
    session.flush()
    record(session, "figures.rebuilt", "figures", account_key or "all", account_id=account_id)
    return run.id


def ask_rebuild(session: Session, account_key: str = "") -> int:
    """By a worker. Raises as begin_rebuild. Commits."""
    run = begin_rebuild(session, account_key)
    enqueue(session, JOB, {"run": run}, unique_key=f"{JOB}:{run}")
    session.commit()
    return run


def do_rebuild(
    database: Database, clock: Callable[[], datetime], run: int, watch: Progress | None = None
) -> FoldReport | None:
    """None where it is done already. One that was cut off begins anew."""
    with database.session(system_scope(clock(), REBUILD)) as session:
        found = session.get(UsageRun, run)
        if found is None or found.ended_at is not None:
            return None
        only = None if found.account_id is None else frozenset([found.account_id])
    fold_pending(database, clock())
    report = rebuild(database, clock(), only, progress=_noting(database, clock, run, watch))
    with database.session(system_scope(clock(), REBUILD), writes=True) as session:
        found = session.get_one(UsageRun, run)
        found.ended_at, found.done = clock(), found.total
        session.commit()
    return report


def _noting(
    database: Database, clock: Callable[[], datetime], run: int, watch: Progress | None
) -> Progress:
    noted = -1

    def note(done: int, total: int) -> None:
        nonlocal noted
        if watch is not None:
            watch(done, total)
        step = done * STEPS // max(total, 1)
        if step == noted:
            return
        noted = step
        with database.session(system_scope(clock(), REBUILD), writes=True) as session:
            found = session.get_one(UsageRun, run)
            found.done, found.total = done, total
            session.commit()

    return note


def list_rebuilds(session: Session) -> list[RebuildView]:
    """The newest first."""
    wanted = (
        select(
            UsageRun.id,
            func.coalesce(Account.name, ""),
            UsageRun.begun_at,
            UsageRun.ended_at,
            UsageRun.done,
            UsageRun.total,
        )
        .outerjoin(Account, Account.id == UsageRun.account_id)
        .where(UsageRun.kind == REBUILD)
        .order_by(UsageRun.id.desc())
        .limit(LISTED)
    )
    return [RebuildView(*row) for row in session.execute(wanted)]


def _account(session: Session, key: str) -> int:
    found = session.scalar(select(Account.id).where(Account.key == key))
    if found is None:
        raise NotFound(f"There is no account {key}.")
    return found
