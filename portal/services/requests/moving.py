"""A request goes from state to state: by hand, with its family, and when a time is over."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.domain.permissions import CUSTOMER_ROLES, TABLE, Permission
from portal.domain.requests import (
    SILENCE,
    Answer,
    Kind,
    Move,
    State,
    Visibility,
    check_move,
    follows_family,
    moves,
)
from portal.models import Request, RequestConfirmation, RequestVote, User
from portal.services.requests.access import actor_of, take_request
from portal.services.requests.release_notes import known_release_note
from portal.services.requests.steps import enter_state, finish, tell
from portal.tenancy import scope_of


def possible_moves(session: Session, request: Request) -> list[Move]:
    """Where the reader may take it from here. What belongs to a family moves with it, but for what
    its own customer and their CSM have to say.
    """
    scope = scope_of(session)
    found = moves(Kind(request.kind), State(request.state), actor_of(scope))
    if request.shared_id is None:
        return found
    return [move for move in found if move.to in _OWN_MATTER]


_LEADERS = [role.value for role in CUSTOMER_ROLES if Permission.PEOPLE_INVITE in TABLE[role]]
_OWN_MATTER = {State.CONFIRMED, State.REOPENED, State.CLARIFYING, State.DECLINED}


def move_request(
    session: Session,
    key: str,
    to: State,
    reason: str = "",
    version: int | None = None,
    *,
    release_note: str = "",
) -> None:
    """Takes it there and tells those who follow; commits. A customer's word goes through
    `confirming.answer_request`. `release_note`: the slug of what delivers a release. Raises
    NotFound, Conflict (no such move, changed meanwhile), Forbidden and Invalid (reason, note).
    """
    request = take_request(session, key, version)
    actor = actor_of(scope_of(session))
    check_move(Kind(request.kind), State(request.state), to, actor, reason)
    before = request.state
    if to is State.RELEASED:
        request.release_note = known_release_note(session, release_note) if release_note else ""
    shift(session, request, to, reason)
    finish(session, "request.move", request, before=before, to=to.value)


def shift(session: Session, request: Request, to: State, reason: str = "") -> None:
    """In the caller's transaction, which has checked it. A release asks whether it works."""
    enter_state(session, request, to, reason)
    if to is State.RELEASED:
        ask_whether_it_works(session, request)


def move_along(
    session: Session, shared_id: int, to: State, reason: str = "", release_note: str = ""
) -> int:
    """Every request of the family that still goes along is taken there with it, in the caller's
    transaction, which holds the shared one; how many.
    """
    members = session.scalars(
        select(Request)
        .where(Request.shared_id == shared_id, Request.merged_into_id.is_(None))
        .order_by(Request.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    along = [one for one in members if follows_family(State(one.state)) and one.state != to.value]
    for request in along:
        request.release_note = release_note or request.release_note
        shift(session, request, to, reason)
    return len(along)


def ask_whether_it_works(session: Session, request: Request) -> None:
    """The requester and the account's voters are asked about this release, once each. Where none
    of them can sign in (it was told for somebody by name), the account's champions are.
    """
    session.flush()
    asked = select(RequestConfirmation.user_id).where(
        RequestConfirmation.request_id == request.id,
        RequestConfirmation.release == request.release,
    )
    to_ask = _to_be_asked(session, request) - set(session.scalars(asked))
    for user_id in sorted(to_ask):
        session.add(
            RequestConfirmation(
                account_id=request.account_id,
                request_id=request.id,
                release=request.release,
                user_id=user_id,
                asked_at=scope_of(session).now,
            )
        )
    session.flush()
    if to_ask:
        tell(session, request, "asked")


def _to_be_asked(session: Session, request: Request) -> set[int]:
    voted = select(RequestVote.user_id).join(Request, Request.id == RequestVote.request_id)
    voters = session.scalars(
        voted.where((Request.id == request.id) | (Request.merged_into_id == request.id))
    ).all()
    wanted = {one for one in (request.requester_id, *voters) if one is not None}
    active = select(User.id).where(User.account_id == request.account_id, User.active)
    found = set(session.scalars(active.where(User.id.in_(wanted))))
    if found or request.visibility == Visibility.PRIVATE:
        return found
    return set(session.scalars(active.where(User.role.in_(_LEADERS))))


def close_silent(session: Session) -> int:
    """Releases that nobody of the customer has answered within SILENCE of when the last of them was
    asked: confirmed where a voter has said that it works, else unconfirmed. Commits; how many. For
    the worker.
    """
    late = scope_of(session).now - SILENCE
    asked_lately = exists().where(
        RequestConfirmation.request_id == Request.id,
        RequestConfirmation.release == Request.release,
        RequestConfirmation.asked_at > late,
    )
    waiting = session.scalars(
        select(Request)
        .where(Request.state == State.RELEASED.value, Request.released_at <= late, ~asked_lately)
        .order_by(Request.id)
        .limit(500)
        .with_for_update(skip_locked=True)
    ).all()
    for request in waiting:
        works = _somebody_says(session, request, Answer.WORKS)
        enter_state(session, request, State.CONFIRMED if works else State.UNCONFIRMED)
    session.commit()
    return len(waiting)


def _somebody_says(session: Session, request: Request, answer: Answer) -> bool:
    said = select(RequestConfirmation.user_id).where(
        RequestConfirmation.request_id == request.id,
        RequestConfirmation.release == request.release,
        RequestConfirmation.answer == answer.value,
    )
    return session.execute(said.limit(1)).first() is not None
