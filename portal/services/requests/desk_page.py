"""One request as the vendor's people see it, beside what its customer reads (`showing`)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.request_grading import Graded, grade
from portal.domain.requests import State
from portal.models import (
    Account,
    InternalNote,
    Request,
    RequestGrade,
    RequestTracker,
    RequestVote,
    User,
)
from portal.services.requests.access import find_request
from portal.services.requests.behind import Money, given_parts
from portal.services.requests.confirming import whose_word
from portal.services.requests.judging import Judged, judgements_of
from portal.services.requests.standing_behind import figures_of
from portal.services.requests.tracker import Tracked

_ASKED = {State.RELEASED.value, State.UNCONFIRMED.value}


@dataclass(frozen=True, slots=True)
class Note:
    """What the vendor's people write to each other."""

    key: str
    who: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody of the account. `by`: who has said so for them, with the reason."""

    name: str
    role: str
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SetPart:
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskView:
    """`people`, `accounts` and `revenue` stand apart: they are never made into one figure. They are
    the family's where it belongs to a shared one. `asker_locale`: the requester's language.
    `speaks_for`: whose word about the release may be written down here; empty where nobody's.
    `judged`: as a change, the newest first.
    """

    account_id: int
    tier: str
    severity: str
    assignee_key: str
    assignee: str
    requester_role: str
    asker_locale: str
    speaks_for: str
    people: int
    accounts: int
    revenue: Money
    grade: tuple[Graded, ...]
    set_by: dict[str, SetPart]
    notes: list[Note]
    voters: list[Voter]
    can_vote: list[tuple[str, str]]
    tracker: Tracked | None
    judged: list[Judged]
    first_due_at: datetime | None
    update_due_at: datetime | None
    solution_due_at: datetime | None
    next_due_at: datetime | None
    paused_at: datetime | None


def show_desk(session: Session, key: str) -> DeskView:
    """Raises NotFound; TenancyError in a customer's session, which no door may ever let it be."""
    request = find_request(session, key)
    account = session.get_one(Account, request.account_id)
    asker = _user(session, request.requester_id)
    assignee = _user(session, request.assignee_id)
    people, accounts, revenue = figures_of(session, request, account)
    given = given_parts(session, [request.id]).get(request.id, {})
    role = asker.role if asker is not None else ""
    voters = _voters(session, request.id)
    return DeskView(
        account_id=request.account_id,
        tier=account.tier,
        severity=request.severity,
        assignee_key=assignee.key if assignee is not None else "",
        assignee=(assignee.name or assignee.email) if assignee is not None else "",
        requester_role=role,
        asker_locale=(asker.locale if asker is not None else None) or request.locale,
        speaks_for=_speaks_for(request),
        people=people,
        accounts=accounts,
        revenue=revenue,
        grade=grade(account.tier, role, request.effect, given),
        set_by=_set_by(session, request.id),
        notes=_notes(session, request.id),
        voters=voters,
        can_vote=_others(session, request),
        tracker=_tracker(session, request.id),
        judged=judgements_of(session, request),
        first_due_at=request.first_due_at,
        update_due_at=request.update_due_at,
        solution_due_at=request.solution_due_at,
        next_due_at=request.next_due_at,
        paused_at=request.paused_at,
    )


def _speaks_for(request: Request) -> str:
    asked = request.state in _ASKED and request.merged_into_id is None
    return whose_word(request) if asked else ""


def _user(session: Session, user_id: int | None) -> User | None:
    return None if user_id is None else session.scalar(select(User).where(User.id == user_id))


def _set_by(session: Session, request_id: int) -> dict[str, SetPart]:
    wanted = (
        select(RequestGrade.part, RequestGrade.at, func.coalesce(User.name, "").label("who"))
        .outerjoin(User, User.id == RequestGrade.by_id)
        .where(RequestGrade.request_id == request_id)
    )
    return {row.part: SetPart(row.who, row.at) for row in session.execute(wanted)}


def _notes(session: Session, request_id: int) -> list[Note]:
    """Also those about what was merged into it."""
    members = select(Request.id).where(
        or_(Request.id == request_id, Request.merged_into_id == request_id)
    )
    wanted = (
        select(InternalNote.key, func.coalesce(User.name, ""), InternalNote.body, InternalNote.at)
        .outerjoin(User, User.id == InternalNote.author_id)
        .where(InternalNote.request_id.in_(members))
        .order_by(InternalNote.at, InternalNote.id)
    )
    return [Note(*row) for row in session.execute(wanted)]


def _voters(session: Session, request_id: int) -> list[Voter]:
    by = aliased(User)
    wanted = (
        select(
            User.name,
            User.role,
            func.coalesce(by.name, "").label("by"),
            RequestVote.reason,
            RequestVote.at,
        )
        .join(Request, Request.id == RequestVote.request_id)
        .join(User, User.id == RequestVote.user_id)
        .outerjoin(by, by.id == RequestVote.by_id)
        .where(or_(Request.id == request_id, Request.merged_into_id == request_id))
        .order_by(RequestVote.at, User.name)
    )
    return [Voter(*row) for row in session.execute(wanted)]


def _others(session: Session, request: Request) -> list[tuple[str, str]]:
    """Key and name of the account's people who have not voted for it, by name."""
    voted = select(RequestVote.user_id).where(RequestVote.request_id == request.id)
    wanted = (
        select(User.key, User.name)
        .where(User.account_id == request.account_id, User.active, User.id.not_in(voted))
        .order_by(User.name)
        .limit(500)
    )
    return [(row.key, row.name) for row in session.execute(wanted)]


def _tracker(session: Session, request_id: int) -> Tracked | None:
    wanted = select(
        RequestTracker.system, RequestTracker.url, RequestTracker.state, RequestTracker.heard_at
    )
    row = session.execute(wanted.where(RequestTracker.request_id == request_id)).one_or_none()
    return None if row is None else Tracked(*row)
