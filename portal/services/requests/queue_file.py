"""The whole queue, for a file."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from portal.domain.request_judging import Question
from portal.models import Request
from portal.services.requests.judging import remarks_of
from portal.services.requests.queue_found import Asked, ordered
from portal.services.requests.queue_question import QueueQuestion, Sort
from portal.services.requests.queue_rows import QueueRow, queue_rows, selected

_NONE = ("",) * len(Question)
ROWS_AT_ONCE = 1000
"""Of a file, so that it may be as long as it is."""


def every_in_queue(session: Session, question: QueueQuestion) -> Iterator[QueueRow]:
    """All that fit, in the order in which they stand now, for a file: few of them at a time."""
    asked = Asked(session, question)
    wanted, place = asked.placed(*asked.of_question())
    order = ordered(asked.one, place, down=question.sort is not Sort.DUE)
    numbers = [row.id for row in session.execute(wanted.order_by(*order))]
    for begin in range(0, len(numbers), ROWS_AT_ONCE):
        some = numbers[begin : begin + ROWS_AT_ONCE]
        found = {row.id: row for row in session.execute(selected().where(Request.id.in_(some)))}
        remarks = remarks_of(session, some)
        for row in queue_rows(session, [found[one] for one in some if one in found]):
            yield replace(row, remarks=remarks.get(row.id, _NONE))
