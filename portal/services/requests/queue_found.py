"""What fits a question of the queue, in one statement: how many there are of each kind and state,
whose first answer is due next, and the numbers of those that are shown.

Numbers and places alone: an index holds all that most questions ask of the many, and only those
that are shown are read whole. Texts are read through once, however much is asked of what they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from portal.domain.requests import Kind, State
from portal.models import Account, Request, RequestJudgement, SharedRequest, User
from portal.search.folding import fold, normalise
from portal.services.requests.behind import weighed
from portal.services.requests.queue_question import (
    ANY_STATE,
    NEVER,
    SETTLED,
    UNJUDGED,
    Mark,
    QueueQuestion,
    Sort,
    Whose,
    states_of,
)
from portal.tenancy import scope_of

_COUNT, _FIRST, _SHOWN = "count", "first", "shown"


@dataclass(frozen=True, slots=True)
class Found:
    """`counts`: of the question but for its kind and state. `first`: the number of the request
    whose first answer is due next. `places`: number → value of the sort, of those that are shown.
    """

    counts: dict[tuple[Kind, State], int]
    first: int | None
    places: dict[int, Any]


class Asked:
    """The requests that fit a question but for its kind and state, to be asked about.

    `one` stands for a request: the table itself, or, where a text is looked for, those that say it.
    """

    def __init__(self, session: Session, question: QueueQuestion) -> None:
        conditions = _conditions(session, question)
        self.question = question
        self.one: Any = Request
        self._where: list[ColumnElement[bool]] = conditions
        if question.text:
            said = select(*_asked_of(question.sort)).where(*conditions, _says(question.text))
            self.one, self._where = aliased(Request, said.cte("said")), []

    def placed(self, *narrowed: ColumnElement[bool]) -> tuple[Any, ColumnElement[Any]]:
        """(id, place) of those that are `narrowed` down to."""
        one = self.one
        wanted = select(one.id).where(*self._where, *narrowed)
        place: ColumnElement[Any]
        if self.question.sort is Sort.PRIORITY:
            asked = wanted.join(Account, Account.id == one.account_id)
            wanted, place = weighed(asked.outerjoin(User, User.id == one.requester_id), one)
        elif self.question.sort is Sort.VOTES:
            wanted = wanted.outerjoin(SharedRequest, SharedRequest.id == one.shared_id)
            place = func.coalesce(SharedRequest.people, one.voters)
        elif self.question.sort is Sort.NEWEST:
            place = one.created_at.expression
        else:
            place = func.coalesce(one.next_due_at, NEVER)
        return wanted.add_columns(place.label("place")), place

    def of_question(self) -> list[ColumnElement[bool]]:
        """Its kind and state.

        By weight, what holds for most is asked so that no index by it is taken: beside the joins,
        SQLite would read all rows whole for it, where the queue's index answers alone.
        """
        found = [self.one.kind == self.question.kind] if self.question.kind else []
        if self.question.state != ANY_STATE:
            state = self.one.state
            by_weight = self.question.sort is Sort.PRIORITY
            state = func.coalesce(state, "") if by_weight else state
            found.append(state.in_(sorted(states_of(self.question.state))))
        return found

    def counted(self) -> Select[Any]:
        one = self.one
        number = func.count(one.id)
        return (
            select(*_row(_COUNT, kind=one.kind, state=one.state, number=number))
            .where(*self._where)
            .group_by(one.kind, one.state)
        )

    def first(self) -> Select[Any]:
        one = self.one
        due = one.first_due_at.is_not(None), one.state.not_in(sorted(SETTLED))
        wanted = select(one.id).where(*self._where, *due).order_by(one.first_due_at, one.id)
        head = wanted.limit(1).subquery()
        return select(*_row(_FIRST, number=head.c.id))


def find(session: Session, asked: Asked, shown: Sequence[Any]) -> Found:
    """`shown`: statements of (id, place), each in its own order."""
    heads = [one.subquery() for one in shown]
    every = [select(*_row(_SHOWN, number=head.c.id, place=head.c.place)) for head in heads]
    counts: dict[tuple[Kind, State], int] = {}
    first, places = None, {}
    if asked.question.sort is Sort.PRIORITY:
        _join_by_hashes(session)
    for row in session.execute(union_all(*every, asked.counted(), asked.first())):
        if row.what == _COUNT:
            counts[Kind(row.kind), State(row.state)] = row.number
        elif row.what == _FIRST:
            first = row.number
        else:
            places[row.number] = row.place
    return Found(counts, first, places)


def past(one: Any, place: ColumnElement[Any], mark: Mark, *, down: bool) -> ColumnElement[bool]:
    past = place < mark.value if down else place > mark.value
    beside = one.id < mark.id if down else one.id > mark.id
    return or_(past, and_(place == mark.value, beside))


def ordered(one: Any, place: ColumnElement[Any], *, down: bool) -> tuple[Any, Any]:
    return (place.desc(), one.id.desc()) if down else (place.asc(), one.id.asc())


def _row(what: str, **values: Any) -> list[ColumnElement[Any]]:
    """Of one shape, so that one statement can answer all."""
    names = ("kind", "state", "number", "place")
    told = [values.get(name, null()).label(name) for name in names]
    return [literal(what).label("what"), *told]


def _join_by_hashes(session: Session) -> None:
    """For the rest of a transaction. The walls make PostgreSQL expect a few rows where there are
    all, and look for each of thousands by itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.set_config("enable_nestloop", "off", true())))


def _asked_of(sort: Sort) -> tuple[Any, ...]:
    """What is asked of those that say a text."""
    always = (Request.id, Request.kind, Request.state, Request.account_id, Request.first_due_at)
    if sort is Sort.PRIORITY:
        return *always, Request.requester_id, Request.effect
    if sort is Sort.VOTES:
        return *always, Request.shared_id, Request.voters
    return *always, Request.created_at if sort is Sort.NEWEST else Request.next_due_at


def _conditions(session: Session, question: QueueQuestion) -> list[ColumnElement[bool]]:
    alone: ColumnElement[bool] = Request.merged_into_id.is_(None)
    if question.sort is Sort.PRIORITY:
        alone = func.coalesce(Request.merged_into_id, 0) == 0
    found: list[ColumnElement[bool]] = [alone, Request.joined.is_(False)]
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
    return found


def _judged(asked: str) -> ColumnElement[bool]:
    current = select(RequestJudgement.request_id).where(RequestJudgement.current)
    if asked == UNJUDGED:
        return and_(Request.kind == Kind.NEED.value, Request.id.not_in(current))
    return Request.id.in_(current.where(RequestJudgement.outcome == asked))


def _says(text: str) -> ColumnElement[bool]:
    """Texts are kept folded, so that the database need not do it to each."""
    said = Request.text.contains(fold(normalise(text)), autoescape=True)
    return or_(Request.code == text.upper(), said)
