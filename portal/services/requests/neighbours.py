"""Which requests stand beside one in the order of the queue that it was opened from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.models import Request
from portal.services.requests.queue_found import Asked, ordered, past
from portal.services.requests.queue_question import Mark, QueueQuestion, Sort


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Keys; empty where there is none."""

    before: str = ""
    after: str = ""


def neighbours(session: Session, question: QueueQuestion, key: str) -> Neighbours:
    """Those that fit the question; the one itself need no longer fit. What stands in no queue, as
    what is merged, has none. Three statements.
    """
    everything = Asked(session, QueueQuestion(sort=question.sort)).placed(Request.key == key)[0]
    own = session.execute(everything).one_or_none()
    if own is None:
        return Neighbours()
    falls = question.sort is not Sort.DUE
    return Neighbours(
        before=_next(session, question, own, down=not falls),
        after=_next(session, question, own, down=falls),
    )


def _next(session: Session, question: QueueQuestion, own: Any, *, down: bool) -> str:
    asked, named = Asked(session, question), aliased(Request)
    wanted, place = asked.placed(*asked.of_question())
    behind = wanted.where(past(asked.one, place, Mark(own.place, own.id), down=down))
    next_ = behind.order_by(*ordered(asked.one, place, down=down)).limit(1).subquery()
    return session.scalar(select(named.key).join(next_, next_.c.id == named.id)) or ""
