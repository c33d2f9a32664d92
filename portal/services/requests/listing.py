"""A customer's requests as they are read: the company's, one's own, the closed ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.requests import PHASES, Kind, Phase, State
from portal.models import Request, RequestVote, SharedRequest, SharedRequestText, User
from portal.services.keyset import Mark, Page, Part, moment, number, page_of, words
from portal.services.requests.access import readable
from portal.tenancy import scope_of

PAGE_SIZE = 25
_MOST_WAITS, _FEWEST_WAITS = 10, 5
_CLOSED = [state.value for state, phase in PHASES.items() if phase is Phase.CLOSED]


class RequestTab(StrEnum):
    COMPANY = "company"
    MINE = "mine"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RequestQuestion:
    """`kind` a value of Kind or empty for any; `sort` one of SORTS."""

    tab: RequestTab = RequestTab.COMPANY
    kind: str = ""
    sort: str = "waiting"
    descending: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """`votes` are those of the family where it belongs to a shared one, else the company's.
    `mine`: the reader may close it. `private`: only they and the vendor read it. Times are aware.
    """

    key: str
    code: str
    kind: Kind
    state: State
    title: str
    requester: str
    mine: bool
    private: bool
    shared: bool
    votes: int
    next_due_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RequestPage:
    """`rows` are one page of `total`, `place` what comes before and behind it; `counts` those of
    each tab, of the same kind.
    """

    rows: list[RequestRow]
    total: int
    counts: dict[RequestTab, int]
    waiting: int
    place: Page


_Requester = aliased(User)
_Text, _English = aliased(SharedRequestText), aliased(SharedRequestText)
# Of a shared one that nobody may read yet, or any more, customers read nothing.
_SHOWN = SharedRequest.published_at.is_not(None)
_VOTES = case((_SHOWN, SharedRequest.people), else_=Request.voters)
_TITLE = case(
    (and_(Request.joined, _SHOWN), func.coalesce(_Text.title, _English.title, Request.title)),
    else_=Request.title,
)
SORTS: dict[str, tuple[Callable[..., Part], Any]] = {
    "title": (words, func.lower(Request.title)),
    "state": (words, Request.state),
    "next": (moment, Request.next_due_at),
    "votes": (number, _VOTES),
    "asked": (moment, Request.created_at),
}


def find_requests(session: Session, question: RequestQuestion) -> RequestPage:
    """One keyset page; two statements, however many there are."""
    counts, waiting = _counts(session, question.kind)
    wanted = _selected(session).where(_on(session, question.tab), *_of_kind(question.kind))
    place = page_of(session, wanted, _order(session, question), question.mark, PAGE_SIZE)
    rows = [RequestRow(*_row(one)) for one in place.rows]
    return RequestPage(rows, counts[question.tab], counts, waiting, place)


def every_request(session: Session, question: RequestQuestion) -> list[RequestRow]:
    """All that fit, for a file."""
    wanted = _selected(session).where(_on(session, question.tab), *_of_kind(question.kind))
    order = [one.value.desc() if one.down else one.value for one in _order(session, question)]
    return [RequestRow(*_row(one)) for one in session.execute(wanted.order_by(*order))]


def waiting_for(session: Session, most: int = 5) -> list[RequestRow]:
    """Released ones that the reader is asked about, for home."""
    wanted = _selected(session).where(readable(session), _waits_for_reader(session))
    ordered = wanted.order_by(Request.released_at).limit(most)
    return [RequestRow(*_row(one)) for one in session.execute(ordered)]


def usual_wait(session: Session) -> tuple[int, timedelta] | None:
    """How many of the last requests were answered, ten at most, and how long the first answer took
    on average; None with fewer than five.
    """
    wanted = (
        select(Request.created_at, Request.answered_at)
        .where(readable(session), Request.answered_at.is_not(None))
        .order_by(Request.answered_at.desc())
        .limit(_MOST_WAITS)
    )
    waits = [row.answered_at - row.created_at for row in session.execute(wanted)]
    if len(waits) < _FEWEST_WAITS:
        return None
    return len(waits), sum(waits, timedelta()) / len(waits)


def _selected(session: Session) -> Any:
    locale = scope_of(session).locale
    return (
        select(
            Request.key,
            Request.code,
            Request.kind,
            Request.state,
            _TITLE.label("title"),
            func.coalesce(_Requester.name, Request.requester_name).label("requester"),
            _waits_for_reader(session).label("mine"),
            (Request.visibility == "private").label("private"),
            case((_SHOWN, True), else_=False).label("shared"),
            _VOTES.label("votes"),
            Request.next_due_at,
            Request.created_at,
            Request.updated_at,
        )
        .outerjoin(_Requester, _Requester.id == Request.requester_id)
        .outerjoin(SharedRequest, SharedRequest.id == Request.shared_id)
        .outerjoin(_Text, and_(_Text.shared_id == Request.shared_id, _Text.locale == locale))
        .outerjoin(_English, and_(_English.shared_id == Request.shared_id, _English.locale == "en"))
    )


def _row(one: Any) -> tuple[Any, ...]:
    kind, state = Kind(one.kind), State(one.state)
    head = (one.key, one.code, kind, state, one.title, one.requester)
    flags = (bool(one.mine), bool(one.private), bool(one.shared))
    return (*head, *flags, one.votes, one.next_due_at, one.created_at, one.updated_at)


def _waits_for_reader(session: Session) -> ColumnElement[bool]:
    user_id = scope_of(session).user_id
    voted = exists().where(RequestVote.request_id == Request.id, RequestVote.user_id == user_id)
    return and_(Request.state == State.RELEASED.value, or_(Request.requester_id == user_id, voted))


def _on(session: Session, tab: RequestTab) -> ColumnElement[bool]:
    """What a tab holds: merged ones stand behind those that they were merged into."""
    seen = and_(readable(session), Request.merged_into_id.is_(None))
    if tab is RequestTab.CLOSED:
        return and_(seen, Request.state.in_(_CLOSED))
    opened = and_(seen, Request.state.not_in(_CLOSED))
    if tab is RequestTab.MINE:
        return and_(opened, Request.requester_id == scope_of(session).user_id)
    return opened


def _of_kind(kind: str) -> list[ColumnElement[bool]]:
    return [Request.kind == kind] if kind in set(Kind) else []


def _counts(session: Session, kind: str) -> tuple[dict[RequestTab, int], int]:
    wanted = [func.sum(case((_on(session, tab), 1), else_=0)) for tab in RequestTab]
    waits = func.sum(case((and_(readable(session), _waits_for_reader(session)), 1), else_=0))
    row = session.execute(select(*wanted, waits).select_from(Request).where(*_of_kind(kind))).one()
    numbers = [int(one or 0) for one in row]
    return dict(zip(RequestTab, numbers[:-1], strict=True)), numbers[-1]


def _order(session: Session, question: RequestQuestion) -> list[Part]:
    last = number(Request.id, down=True)
    if question.sort not in SORTS:
        first = number(case((_waits_for_reader(session), 0), else_=1))
        return [first, moment(Request.updated_at, down=True), last]
    kind, column = SORTS[question.sort]
    return [kind(column, down=question.descending), last]
