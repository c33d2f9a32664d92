"""How a worker takes a job and gives it back.

A worker takes a job by one conditional UPDATE and holds it by a lease. When the lease runs out
(the worker died) another takes the job; the first can then neither finish nor release it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from portal.models import Job
from portal.tenancy import scope_of

LEAST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_ERROR = 4000


class LeaseLost(Exception):
    """Another worker has taken the job, so what this one has to say about it no longer counts."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job in the hands of one worker. `attempts` counts this one, from 1."""

    id: int
    key: str
    name: str
    payload: dict[str, Any]
    account_id: int | None
    work_key: str | None
    attempts: int
    worker: str
    created_at: datetime


def anything_due(session: Session) -> bool:
    """A cheap look before `claim`, which takes SQLite's write lock."""
    due = select(Job.id).where(_free(scope_of(session).now)).limit(1)
    return session.execute(due).first() is not None


def claim(session: Session, worker: str, lease: timedelta) -> Lease | None:
    """Takes the job that has been due the longest, and commits; None where there is none."""
    now = scope_of(session).now
    longest_due = (
        select(Job.id)
        .where(_free(now))
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = session.execute(
        update(Job)
        .where(Job.id == longest_due, _free(now))
        .values(
            state="leased",
            leased_by=worker,
            leased_until=now + lease,
            attempts=Job.attempts + 1,
            unique_key=None,
        )
        .returning(
            Job.id,
            Job.key,
            Job.name,
            Job.payload,
            Job.account_id,
            Job.work_key,
            Job.attempts,
            Job.leased_by,
            Job.created_at,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.commit()
    return None if taken is None else Lease(*taken)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Job.state == "waiting", Job.due_at <= now),
        and_(Job.state == "leased", Job.leased_until < now),
    )


def renew(session: Session, lease: Lease, length: timedelta) -> None:
    """Holds the job for `length` from now, and commits; raises LeaseLost."""
    _change(session, lease, leased_until=scope_of(session).now + length)
    session.commit()


def complete(session: Session, lease: Lease) -> None:
    """Removes the finished job and an earlier dead letter of the same work; raises LeaseLost.

    In the caller's transaction: a handler that writes its effect there has it exactly once.
    """
    gone = session.execute(
        delete(Job).where(*_held(lease)).execution_options(synchronize_session=False)
    )
    if _rows(gone) != 1:
        raise LeaseLost(lease.name)
    _drop_dead_twin(session, lease)


def release(session: Session, lease: Lease) -> None:
    """Gives the job back untried, for a worker that must stop; raises LeaseLost. Commits."""
    _put_back(session, lease, attempts=lease.attempts - 1, due_at=scope_of(session).now)
    session.commit()


def fail(
    session: Session, lease: Lease, error: str, *, jitter: float, attempts_allowed: int
) -> datetime | None:
    """Puts the job back for later, or buries it after its last attempt; raises LeaseLost.

    Returns when it is tried again, None where it is dead. `jitter` is between 0 and 1.
    """
    if lease.attempts >= attempts_allowed:
        bury(session, lease, error)
        return None
    due_at = scope_of(session).now + back_off(lease.attempts, jitter)
    _put_back(session, lease, attempts=lease.attempts, due_at=due_at, error=_clean(error))
    session.commit()
    return due_at


def bury(session: Session, lease: Lease, error: str) -> None:
    """Moves the job to the dead letters, where it replaces one of the same work; raises
    LeaseLost. Commits.
    """
    _drop_dead_twin(session, lease)
    _change(
        session,
        lease,
        state="dead",
        due_at=scope_of(session).now,
        error=_clean(error),
        unique_key=dead_key(lease.work_key),
        leased_by=None,
        leased_until=None,
    )
    session.commit()


def back_off(attempts: int, jitter: float) -> timedelta:
    """5 s after the first failure, doubled after each, at most an hour; jitter takes up to half
    of it away, so that what failed together does not come back together.
    """
    longest: timedelta = min(LEAST_DELAY * 2 ** min(attempts - 1, 16), LONGEST_DELAY)
    return longest * (1 - jitter / 2)


def dead_key(work_key: str | None) -> str | None:
    return None if work_key is None else f"dead:{work_key}"


def _put_back(session: Session, lease: Lease, **changes: Any) -> None:
    """Waiting again; where the same work waits already, that job inherits the count instead."""
    if lease.work_key is not None and _inherits(session, lease, changes):
        complete(session, lease)
        return
    _change(
        session,
        lease,
        state="waiting",
        unique_key=lease.work_key,
        leased_by=None,
        leased_until=None,
        **changes,
    )


def _inherits(session: Session, lease: Lease, changes: dict[str, Any]) -> bool:
    twin = session.execute(
        update(Job)
        .where(Job.unique_key == lease.work_key)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    return _rows(twin) == 1


def _drop_dead_twin(session: Session, lease: Lease) -> None:
    if lease.work_key is not None:
        twin = delete(Job).where(Job.unique_key == dead_key(lease.work_key))
        session.execute(twin.execution_options(synchronize_session=False))


def _change(session: Session, lease: Lease, **values: Any) -> None:
    changed = session.execute(
        update(Job)
        .where(*_held(lease))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if _rows(changed) != 1:
        raise LeaseLost(lease.name)


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    """`attempts` tells this lease from a later one of the same worker."""
    return (
        Job.id == lease.id,
        Job.state == "leased",
        Job.leased_by == lease.worker,
        Job.attempts == lease.attempts,
    )


def _rows(result: Any) -> int:
    count: int = result.rowcount
    return count


def _clean(error: str) -> str:
    """PostgreSQL refuses the NUL character; the end of a long error says most."""
    return error.replace("\x00", "")[-LONGEST_ERROR:]
