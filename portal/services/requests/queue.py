"""The vendor's queue of requests: the ones that are work of their own, what breaches next first.

Not in it: what has been merged into another, and what an account has only joined; they stand with
the one that they belong to.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from portal.domain.requests import PATHS, PHASES, Kind, Phase, State
from portal.models import Account, Request, RequestJudgement, SharedRequest, User
from portal.services.requests.behind import weighed
from portal.services.requests.queue_rows import PEOPLE, QueueRow, queue_rows, selected
from portal.tenancy import scope_of

PAGE_SIZE = 50
BOARD_SIZE = 20
ANY_STATE = "any"
UNJUDGED = "none"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_SETTLED = [state.value for state, phase in PHASES.items() if phase is Phase.CLOSED]


class Sort(StrEnum):
    DUE = "due"
    NEWEST = "newest"
    PRIORITY = "priority"
    VOTES = "votes"


class Whose(StrEnum):
    ALL = ""
    MINE = "mine"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page begins: behind the request `id` whose value of the sort is `value`, or before it
    where `back` is set.
    """

    value: datetime | int
    id: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class QueueQuestion:
    """Empty means any; an empty `state` any that is not closed, else a state, a phase or ANY_STATE.
    `account` and `feature` are keys. `judged`: what the judgement of a change came to
    (domain.request_judging.Outcome), or UNJUDGED for a need that has none.
    """

    kind: str = ""
    state: str = ""
    feature: str = ""
    tier: str = ""
    account: str = ""
    judged: str = ""
    whose: Whose = Whose.ALL
    text: str = ""
    sort: Sort = Sort.DUE
    mark: Mark | None = None


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


def states_of(asked: str) -> set[str]:
    """The states that a question's `state` stands for."""
    if asked == ANY_STATE:
        return {state.value for state in State}
    if asked in set(Phase):
        return {state.value for state, phase in PHASES.items() if phase == asked}
    return {asked} if asked else {state.value for state in State} - set(_SETTLED)


def find_queue(session: Session, question: QueueQuestion) -> QueuePage:
    """One keyset page; at most four statements, however many there are."""
    wanted, place = placed(session, question)
    back = question.mark is not None and question.mark.back
    down = (question.sort is not Sort.DUE) is not back
    if question.mark is not None:
        wanted = wanted.where(past(place, question.mark, down=down))
    order = (place.desc(), Request.id.desc()) if down else (place.asc(), Request.id.asc())
    found = _whole(session, wanted.order_by(*order).limit(PAGE_SIZE + 1), down=down)
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if back:
        found.reverse()
    first, last = (_mark(found[0], back=True), _mark(found[-1])) if found else (None, None)
    return QueuePage(
        queue_rows(session, found),
        tally(session, question),
        first if (more if back else question.mark is not None) else None,
        last if back or more else None,
    )


def find_board(session: Session, question: QueueQuestion) -> tuple[list[Column], Tally]:
    """The columns of one kind's way, the first cards of each."""
    kind = Kind(question.kind)
    counted = tally(session, question)
    states = _columns(kind, counted)
    conditions = _conditions(session, replace(question, kind=kind.value, state=ANY_STATE))
    order = (func.coalesce(Request.next_due_at, NEVER), Request.id)
    heads = [
        select(Request.id)
        .where(*conditions, Request.state == state.value)
        .order_by(*order)
        .limit(BOARD_SIZE)
        .subquery()
        for state in states
    ]
    ids = union_all(*(select(head.c.id) for head in heads))
    wanted = selected().where(Request.id.in_(ids)).order_by(*order)
    rows = queue_rows(session, list(session.execute(wanted)))
    columns = [
        Column(
            state,
            counted.counts.get((kind, state), 0),
            [row for row in rows if row.state is state],
        )
        for state in states
    ]
    return columns, counted


def tally(session: Session, question: QueueQuestion) -> Tally:
    """One statement: what is looked for is looked for once."""
    conditions = _conditions(session, replace(question, kind="", state=ANY_STATE))
    grouped = (
        select(Request.kind, Request.state, func.count(Request.id).label("number"))
        .where(*conditions)
        .group_by(Request.kind, Request.state)
        .subquery()
    )
    first = _first_answer(conditions)
    rows = session.execute(select(grouped, first).outerjoin(first, true())).all()
    counts = {(Kind(row.kind), State(row.state)): row.number for row in rows}
    if not rows or rows[0].first_due_at is None:
        return Tally(counts, None)
    return Tally(counts, NextFirst(*rows[0][3:]))


def _first_answer(conditions: list[ColumnElement[bool]]) -> Any:
    """The request whose first answer is due next; its number comes from an index alone."""
    number = (
        select(Request.id)
        .where(*conditions, Request.first_due_at.is_not(None), Request.state.not_in(_SETTLED))
        .order_by(Request.first_due_at, Request.id)
        .limit(1)
        .scalar_subquery()
    )
    facts = (Account.tier, Request.severity, Request.first_due_at, Request.paused_at)
    wanted = select(*facts).join(Account, Account.id == Request.account_id)
    return wanted.where(Request.id == number).subquery()


def _columns(kind: Kind, counted: Tally) -> list[State]:
    """Those of the way but its end; what is off the way stands beside New where there is some."""
    way = [state for state in PATHS[kind] if state is not State.CONFIRMED]
    beside = [
        state
        for state in (State.REOPENED, State.CLARIFYING)
        if state not in way and counted.counts.get((kind, state))
    ]
    return [*way[:1], *beside, *way[1:]]


def _conditions(session: Session, question: QueueQuestion) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Request.merged_into_id.is_(None),
        Request.joined.is_(False),
    ]
    if question.kind:
        found.append(Request.kind == question.kind)
    if question.state != ANY_STATE:
        found.append(Request.state.in_(sorted(states_of(question.state))))
    if question.feature:
        found.append(Request.feature_key == question.feature)
    for column, value in ((Account.tier, question.tier), (Account.key, question.account)):
        if value:
            found.append(Request.account_id.in_(select(Account.id).where(column == value)))
    if question.whose is Whose.MINE:
        found.append(Request.assignee_id == scope_of(session).user_id)
    elif question.whose is Whose.NOBODY:
        found.append(Request.assignee_id.is_(None))
    if question.judged:
        found.append(_judged(question.judged))
    if question.text:
        found.append(_says(session, question.text))
    return found


def _judged(asked: str) -> ColumnElement[bool]:
    current = select(RequestJudgement.request_id).where(RequestJudgement.current)
    if asked == UNJUDGED:
        return and_(Request.kind == Kind.NEED.value, Request.id.not_in(current))
    return Request.id.in_(current.where(RequestJudgement.outcome == asked))


def _says(session: Session, text: str) -> ColumnElement[bool]:
    """Read through once in the order of the table, however often the statement asks it."""
    told = aliased(Request)
    # SQLite's LIKE knows no case as it is; lower() would copy every text first.
    sqlite = session.get_bind().dialect.name == "sqlite"
    said = told.text.contains if sqlite else told.text.icontains
    found = select(told.id).where(or_(told.code == text.upper(), said(text, autoescape=True)))
    return Request.id.in_(select(found.cte("said").c.id))


def placed(session: Session, question: QueueQuestion) -> tuple[Any, ColumnElement[Any]]:
    """Numbers and places alone: an index holds all that most questions ask of the many, and only
    those of the page are read whole.
    """
    wanted = select(Request.id).where(*_conditions(session, question))
    place: ColumnElement[Any]
    if question.sort is Sort.PRIORITY:
        asked = wanted.join(Account, Account.id == Request.account_id)
        wanted, place = weighed(asked.outerjoin(User, User.id == Request.requester_id))
    elif question.sort is Sort.VOTES:
        wanted = wanted.outerjoin(SharedRequest, SharedRequest.id == Request.shared_id)
        place = PEOPLE
    elif question.sort is Sort.NEWEST:
        place = Request.created_at.expression
    else:
        place = func.coalesce(Request.next_due_at, NEVER)
    return wanted.add_columns(place.label("place")), place


def _whole(session: Session, ordered: Any, *, down: bool) -> list[Any]:
    """The rows of these numbers, in the same order."""
    page = ordered.subquery()
    place, number = page.c.place, page.c.id
    order = (place.desc(), number.desc()) if down else (place.asc(), number.asc())
    wanted = selected().join(page, number == Request.id).add_columns(place)
    return list(session.execute(wanted.order_by(*order)))


def past(place: ColumnElement[Any], mark: Mark, *, down: bool) -> ColumnElement[bool]:
    past = place < mark.value if down else place > mark.value
    beside = Request.id < mark.id if down else Request.id > mark.id
    return or_(past, and_(place == mark.value, beside))


def _mark(row: Any, *, back: bool = False) -> Mark:
    return Mark(row.place, row.id, back)
