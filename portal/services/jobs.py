"""The job table: work written in the caller's transaction and done after its commit; and what
the admin, /readyz and /metrics see of it. How workers take jobs stands in `leases`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotFound
from portal.models import Job
from portal.services.audit import record
from portal.services.once import add_once
from portal.tenancy import scope_of

MOST_LISTED = 200
HOLD_TRIES = 5
GONE = "This job is no longer in the dead-letter list."
WAITS_ALREADY = "The same work waits in the queue already. Discard this one instead."


@dataclass(frozen=True, slots=True)
class QueueState:
    """`oldest_due_seconds` is the age of the oldest job that is due and not taken; None where
    none is. `waiting` counts those that are not due yet as well.
    """

    waiting: int
    leased: int
    dead: int
    oldest_due_seconds: float | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that has failed for the last time. Its payload is not shown: it may hold secrets."""

    key: str
    name: str
    attempts: int
    created_at: datetime
    failed_at: datetime
    error: str


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any],
    *,
    due_at: datetime | None = None,
    unique_key: str | None = None,
    account_id: int | None = None,
) -> bool:
    """Adds a job in the caller's transaction; it is seen by workers after the commit.

    False where a job with the same `unique_key` waits already: that one does the work, after this
    commit. The key is one for all accounts, so it carries the account where it matters. The
    payload is JSON.
    """
    now = scope_of(session).now

    def job() -> Job:
        return Job(
            name=name,
            payload=payload,
            work_key=unique_key,
            unique_key=unique_key,
            account_id=account_id,
            due_at=due_at or now,
            created_at=now,
        )

    if unique_key is None:
        session.add(job())
        return True
    return _add_or_hold(session, job, unique_key)


def _add_or_hold(session: Session, job: Callable[[], Job], unique_key: str) -> bool:
    """Holds the job that waits until the caller's commit: taken before, it would not see the
    change that it is to work on. Where it was taken just now, a new one is added after all.
    """
    for _ in range(HOLD_TRIES):
        if add_once(session, job(), "unique_key"):
            return True
        held = update(Job).where(Job.unique_key == unique_key).values(unique_key=unique_key)
        held = held.returning(Job.id).execution_options(synchronize_session=False)
        if session.execute(held).first() is not None:
            return False
    return False


def queue_state(session: Session) -> QueueState:
    """Needs a scope over all accounts."""
    now = scope_of(session).now
    counts = select(Job.state, func.count()).group_by(Job.state)
    count_of = {state: int(count) for state, count in session.execute(counts)}
    oldest = select(func.min(Job.due_at)).where(Job.state == "waiting", Job.due_at <= now)
    due_at = session.scalar(oldest)
    return QueueState(
        waiting=count_of.get("waiting", 0),
        leased=count_of.get("leased", 0),
        dead=count_of.get("dead", 0),
        oldest_due_seconds=None if due_at is None else (now - due_at).total_seconds(),
    )


def dead_letters(session: Session) -> list[DeadLetter]:
    """The latest first, at most 200."""
    columns = (Job.key, Job.name, Job.attempts, Job.created_at, Job.due_at, Job.error)
    dead = select(*columns).where(Job.state == "dead").order_by(Job.id.desc()).limit(MOST_LISTED)
    return [
        DeadLetter(key, name, attempts, created_at, due_at, error or "")
        for key, name, attempts, created_at, due_at, error in session.execute(dead)
    ]


def requeue(session: Session, key: str) -> None:
    """Has a dead job tried again at once, all its attempts anew. Raises NotFound, Conflict."""
    again: dict[str, Any] = {
        "state": "waiting",
        "attempts": 0,
        "due_at": scope_of(session).now,
        "unique_key": Job.work_key,
    }
    try:
        found = session.execute(_dead(update(Job), key).values(**again))
    except IntegrityError:
        session.rollback()
        raise Conflict(WAITS_ALREADY, code="job-waits-already") from None
    _finish(session, found, "job.requeued", key)


def discard(session: Session, key: str) -> None:
    """Removes a dead job for good. Raises NotFound."""
    _finish(session, session.execute(_dead(delete(Job), key)), "job.discarded", key)


def _dead(statement: Any, key: str) -> Any:
    chosen = statement.where(Job.key == key, Job.state == "dead")
    return chosen.execution_options(synchronize_session=False).returning(Job.name)


def _finish(session: Session, found: Any, action: str, key: str) -> None:
    name = found.scalar_one_or_none()
    if name is None:
        raise NotFound(GONE)
    record(session, action, "job", key, name=name)
    session.commit()
