"""One request as its page shows it, to its customer and to the vendor's people alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.requests import Answer, Kind, Move, State, Visibility
from portal.models import (
    Account,
    Request,
    RequestConfirmation,
    RequestFollow,
    SharedRequest,
    SharedRequestText,
    User,
)
from portal.services.requests.access import find_request, readable
from portal.services.requests.confirming import may_answer
from portal.services.requests.happening import Happened, happened_to
from portal.services.requests.moving import possible_moves
from portal.services.requests.release_notes import note_in_reach
from portal.services.requests.voices import has_voted
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class SharedView:
    """The shared request that it belongs to, as its reader may know it: totals, no names."""

    key: str
    code: str
    title: str
    body: str
    people: int
    accounts: int
    published: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody of the account has answered to the last release."""

    who: str
    answer: Answer
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestView:
    """`told` are the fields of its kind; empty where the account has only joined a shared one.
    `voted`, `following` and `may_answer` are the reader's; `moves` what they may do with its state.
    `merged_into`: key and code of the one that stands for it, empty where it does itself.
    """

    key: str
    code: str
    kind: Kind
    state: State
    version: int
    title: str
    told: dict[str, str]
    locale: str
    visibility: Visibility
    severity: str
    effect: str
    feature_key: str
    channel: str
    account_key: str
    account_name: str
    requester: str
    by: str
    joined: bool
    mine: bool
    votes: int
    voted: bool
    followers: int
    following: bool
    may_answer: bool
    moves: list[Move]
    release: int
    release_note: str
    created_at: datetime
    answered_at: datetime | None
    released_at: datetime | None
    next_due_at: datetime | None
    shared: SharedView | None
    merged_into: tuple[str, str] | None
    happened: list[Happened]
    said: list[Said]


_Requester, _By = aliased(User), aliased(User)


def show_request(session: Session, key: str) -> RequestView:
    """Raises NotFound."""
    request = find_request(session, key)
    shared = _shared(session, request.shared_id, scope_of(session).locale)
    return RequestView(
        **_what(request, shared),
        **_whose(session, request),
        **_readers_part(session, request),
        **_moments(request),
        shared=shared,
        merged_into=_root(session, request),
        happened=happened_to(session, request.id),
        said=_said(session, request),
    )


def _what(request: Request, shared: SharedView | None) -> dict[str, Any]:
    joined_title = shared.title if shared is not None and request.joined else ""
    return {
        "key": request.key,
        "code": request.code,
        "kind": Kind(request.kind),
        "state": State(request.state),
        "version": request.version,
        "title": joined_title or request.title,
        "told": request.told,
        "locale": request.locale,
        "visibility": Visibility(request.visibility),
        "severity": request.severity,
        "effect": request.effect,
        "feature_key": request.feature_key,
        "channel": request.channel,
        "joined": request.joined,
        "votes": shared.people if shared is not None and shared.published else request.voters,
        "release": request.release,
    }


def _whose(session: Session, request: Request) -> dict[str, Any]:
    people = _people(session, request)
    return {
        "account_key": people.account_key,
        "account_name": people.account_name,
        "requester": people.requester or request.requester_name,
        "by": people.by or "",
        "followers": people.followers,
    }


def _readers_part(session: Session, request: Request) -> dict[str, Any]:
    """What is the reader's own, and what they may do."""
    scope = scope_of(session)
    customer = scope.role.side == "customer"
    return {
        "mine": request.requester_id is not None and request.requester_id == scope.user_id,
        "voted": has_voted(session, request.id, scope.user_id),
        "following": _follows(session, request.id, scope.user_id),
        "may_answer": may_answer(session, request),
        "release_note": note_in_reach(session, request.release_note),
        "moves": [] if customer else possible_moves(session, request),
    }


def _moments(request: Request) -> dict[str, Any]:
    return {
        "created_at": request.created_at,
        "answered_at": request.answered_at,
        "released_at": request.released_at,
        "next_due_at": request.next_due_at,
    }


def _people(session: Session, request: Request) -> Any:
    followers = (
        select(func.count(RequestFollow.user_id))
        .where(RequestFollow.request_id == request.id, RequestFollow.active)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Account.key.label("account_key"),
            Account.name.label("account_name"),
            _Requester.name.label("requester"),
            _By.name.label("by"),
            followers.label("followers"),
        )
        .select_from(Request)
        .join(Account, Account.id == Request.account_id)
        .outerjoin(_Requester, _Requester.id == Request.requester_id)
        .outerjoin(_By, _By.id == Request.by_id)
        .where(Request.id == request.id)
    ).one()


def _follows(session: Session, request_id: int, user_id: int | None) -> bool:
    found = session.get(RequestFollow, (request_id, user_id))
    return found is not None and found.active


def _shared(session: Session, shared_id: int | None, locale: str) -> SharedView | None:
    """A customer hears of one that is published; the vendor's people of any."""
    if shared_id is None:
        return None
    text, english = aliased(SharedRequestText), aliased(SharedRequestText)
    row = session.execute(
        select(
            SharedRequest.key,
            SharedRequest.code,
            func.coalesce(text.title, english.title, "").label("title"),
            func.coalesce(text.body, english.body, "").label("body"),
            SharedRequest.people,
            SharedRequest.accounts,
            SharedRequest.published_at,
        )
        .outerjoin(text, and_(text.shared_id == SharedRequest.id, text.locale == locale))
        .outerjoin(english, and_(english.shared_id == SharedRequest.id, english.locale == "en"))
        .where(SharedRequest.id == shared_id)
    ).one()
    if row.published_at is None and scope_of(session).role.side != "vendor":
        return None
    return SharedView(*row[:-1], published=row.published_at is not None)


def _root(session: Session, request: Request) -> tuple[str, str] | None:
    if request.merged_into_id is None:
        return None
    root = Request.id == request.merged_into_id
    wanted = select(Request.key, Request.code).where(root, readable(session))
    row = session.execute(wanted).one_or_none()
    return None if row is None else (row.key, row.code)


def _said(session: Session, request: Request) -> list[Said]:
    wanted = (
        select(
            User.name,
            RequestConfirmation.answer,
            RequestConfirmation.reason,
            RequestConfirmation.answered_at,
        )
        .join(User, User.id == RequestConfirmation.user_id)
        .where(
            RequestConfirmation.request_id == request.id,
            RequestConfirmation.release == request.release,
            RequestConfirmation.answer != "",
        )
        .order_by(RequestConfirmation.answered_at)
    )
    return [
        Said(row.name, Answer(row.answer), row.reason, row.answered_at)
        for row in session.execute(wanted)
    ]
