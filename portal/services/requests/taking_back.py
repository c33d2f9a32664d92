"""Words that were asked to be told are taken back, as far as nobody has heard them.

A word goes from the outbox to a job, and from there to each reader: a line under their bell, and a
mail through the outbox and a job of its own. What waits is locked where it stands and removed; what
a worker has in hand has left.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.notices import Way
from portal.models import Job, Notice, OutboxMessage


def take_back(session: Session, words: Collection[Sequence[str]]) -> bool:
    """Whether somebody has heard one of these (`steps.Telling.said`), or is about to; in the
    caller's transaction.
    """
    removed = _removed(session, [key for key, _begin in words])
    left = {key: begin for key, begin in words if key not in removed}
    if not left:
        return False
    # In the order in which a word goes on, so that none is missed between two of them.
    on_the_way = bool(_unsent(session, left) or _jobs(session, left))
    notices = [_taken_back(session, one) for one in _notices(session, list(left.values()))]
    return on_the_way or not all(notices)


def _removed(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the keys that waited: in the outbox, or as a job that nobody has begun."""
    unsent = _unsent(session, keys, lock=True)
    jobs = [one for one in _jobs(session, keys, lock=True) if _untouched(one)]
    for row in (*unsent, *jobs):
        session.delete(row)
    session.flush()
    in_outbox = {row.idempotency_key for row in unsent}
    return in_outbox | {row.payload["idempotency_key"] for row in jobs}


def _untouched(job: Job) -> bool:
    return job.state == "waiting" and job.attempts == 0


def _unsent(
    session: Session, keys: Collection[str], *, lock: bool = False
) -> Sequence[OutboxMessage]:
    wanted = select(OutboxMessage).where(
        OutboxMessage.idempotency_key.in_(keys), OutboxMessage.sent_at.is_(None)
    )
    return session.scalars(_locked(wanted) if lock else wanted).all()


def _jobs(session: Session, keys: Collection[str], *, lock: bool = False) -> Sequence[Job]:
    wanted = select(Job).where(Job.payload["idempotency_key"].as_string().in_(keys))
    return session.scalars(_locked(wanted) if lock else wanted).all()


def _locked(wanted: Any) -> Any:
    """What others hold is left to them."""
    fresh = wanted.execution_options(populate_existing=True)
    return fresh.with_for_update(skip_locked=True)


def _notices(session: Session, begins: Sequence[str]) -> Sequence[Notice]:
    alike = [Notice.idempotency_key.startswith(f"{one}:", autoescape=True) for one in begins]
    return session.scalars(_locked(select(Notice).where(or_(*alike)))).all()


def _taken_back(session: Session, notice: Notice) -> bool:
    """Whether it could be: nobody has read it, and no mail of it has left."""
    if notice.read_at is not None:
        return False
    mailed = notice.mail == Way.DIGEST.value and notice.mailed_at is not None
    if notice.mail == Way.NOW.value:
        mailed = not _removed(session, [f"mail:notice:{notice.idempotency_key}"])
    if mailed:
        return False
    session.delete(notice)
    return True
