"""The vendor's queue of requests: the ones that are work of their own, what breaches next first.

Not in it: what has been merged into another, and what an account has only joined; they stand with
the one that they belong to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.requests import PATHS, Kind, State
from portal.models import Request
from portal.services.requests.queue_found import Asked, Found, find, ordered, past
from portal.services.requests.queue_question import (
    Mark,
    QueueQuestion,
    Sort,
    states_of,
)
from portal.services.requests.queue_rows import QueueRow, queue_rows, selected

PAGE_SIZE = 50
BOARD_SIZE = 20
_BESIDE = (State.REOPENED, State.CLARIFYING)


@dataclass(frozen=True, slots=True)
class NextFirst:
    """The first answer that is due next: when, and by which promise (`tier` is the account's)."""

    tier: str
    severity: str
    next_due_at: datetime
    paused_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are of the question but for its kind and state, and the next first answer."""

    counts: dict[tuple[Kind, State], int]
    first: NextFirst | None

    @property
    def new(self) -> int:
        return sum(count for (_, state), count in self.counts.items() if state is State.SUBMITTED)

    def of(self, kind: str, state: str) -> int:
        return sum(
            count
            for (one, at), count in self.counts.items()
            if kind in {"", one.value} and at.value in states_of(state)
        )


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: list[QueueRow]
    tally: Tally
    back: Mark | None
    following: Mark | None


@dataclass(frozen=True, slots=True)
class Column:
    state: State
    count: int
    rows: list[QueueRow]


def find_queue(session: Session, question: QueueQuestion) -> QueuePage:
    """One keyset page; at most four statements, however many there are."""
    asked, mark = Asked(session, question), question.mark
    back = mark is not None and mark.back
    down = (question.sort is not Sort.DUE) is not back
    wanted, place = asked.placed(*asked.of_question())
    if mark is not None:
        wanted = wanted.where(past(asked.one, place, mark, down=down))
    head = wanted.order_by(*ordered(asked.one, place, down=down)).limit(PAGE_SIZE + 1)
    found = find(session, asked, [head])
    numbers = sorted(found.places, key=lambda one: (found.places[one], one), reverse=down)
    more, numbers = len(numbers) > PAGE_SIZE, numbers[:PAGE_SIZE]
    if back:
        numbers.reverse()
    whole = _whole(session, found, numbers)
    first, last = _ends(found, numbers)
    return QueuePage(
        queue_rows(session, [whole[one] for one in numbers]),
        _tally(found, whole),
        first if (more if back else mark is not None) else None,
        last if back or more else None,
    )


def find_board(session: Session, question: QueueQuestion) -> tuple[list[Column], Tally]:
    """The columns of one kind's way, the first cards of each."""
    kind = Kind(question.kind)
    asked = Asked(session, replace(question, sort=Sort.DUE))
    heads = []
    for state in _states(kind):
        wanted, place = asked.placed(asked.one.kind == kind.value, asked.one.state == state.value)
        heads.append(wanted.order_by(*ordered(asked.one, place, down=False)).limit(BOARD_SIZE))
    found = find(session, asked, heads)
    states = [one for one in _states(kind) if one in PATHS[kind] or found.counts.get((kind, one))]
    numbers = sorted(found.places, key=lambda one: (found.places[one], one))
    whole = _whole(session, found, numbers)
    rows = queue_rows(session, [row for one in numbers if (row := whole[one]).state in states])
    columns = [
        Column(
            state, found.counts.get((kind, state), 0), [row for row in rows if row.state is state]
        )
        for state in states
    ]
    return columns, _tally(found, whole)


def _states(kind: Kind) -> list[State]:
    """Those of the way but its end; what is off the way stands beside New."""
    way = [state for state in PATHS[kind] if state is not State.CONFIRMED]
    return [*way[:1], *(state for state in _BESIDE if state not in way), *way[1:]]


def _whole(session: Session, found: Found, numbers: Iterable[int]) -> dict[int, Any]:
    """The rows of these numbers, and that of the next first answer."""
    wanted = {*numbers, *([] if found.first is None else [found.first])}
    rows = session.execute(selected().where(Request.id.in_(wanted))) if wanted else ()
    return {row.id: row for row in rows}


def _tally(found: Found, whole: dict[int, Any]) -> Tally:
    if found.first is None:
        return Tally(found.counts, None)
    row = whole[found.first]
    return Tally(found.counts, NextFirst(row.tier, row.severity, row.first_due_at, row.paused_at))


def _ends(found: Found, numbers: list[int]) -> tuple[Mark | None, Mark | None]:
    if not numbers:
        return None, None
    first, last = numbers[0], numbers[-1]
    return Mark(found.places[first], first, back=True), Mark(found.places[last], last)
