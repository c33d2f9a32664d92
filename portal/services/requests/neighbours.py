"""Which requests stand beside one in the order of the queue that it was opened from."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from portal.models import Request
from portal.services.requests.queue import (
    ANY_STATE,
    Mark,
    QueueQuestion,
    Sort,
    past,
    placed,
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Keys; empty where there is none."""

    before: str = ""
    after: str = ""


def neighbours(session: Session, question: QueueQuestion, key: str) -> Neighbours:
    """Those that fit the question; the one itself need no longer fit. What stands in no queue, as
    what is merged, has none. Three statements.
    """
    everything, _place = placed(session, QueueQuestion(state=ANY_STATE, sort=question.sort))
    own = session.execute(everything.where(Request.key == key)).one_or_none()
    if own is None:
        return Neighbours()
    falls = question.sort is not Sort.DUE
    return Neighbours(
        before=_next(session, question, own, down=not falls),
        after=_next(session, question, own, down=falls),
    )


def _next(session: Session, question: QueueQuestion, own: Any, *, down: bool) -> str:
    wanted, place = placed(session, replace(question, mark=None))
    order = (place.desc(), Request.id.desc()) if down else (place.asc(), Request.id.asc())
    behind = wanted.add_columns(Request.key).where(past(place, Mark(own.place, own.id), down=down))
    row = session.execute(behind.order_by(*order).limit(1)).one_or_none()
    return "" if row is None else row.key
