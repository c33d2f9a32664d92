"""Who is to hear of what has happened to a request, and why. Never by content: what each of them
may read is asked in a session of their own (telling).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.domain.notices import Notified, mentioned
from portal.domain.permissions import CUSTOMER_ROLES, TABLE, Permission, Role
from portal.domain.requests import State
from portal.models import (
    AccountAssignment,
    InternalNote,
    Request,
    RequestConfirmation,
    RequestFollow,
    RequestMessage,
    User,
)
from portal.services.notices.readers import Reader, find_readers
from portal.services.requests.steps import once_of

_DESK = [role.value for role, may in TABLE.items() if Permission.REQUEST_DESK in may]
_LINKED = {"merged", "split", "joined", "family_merged", "family_split"}
Kinds = dict[int, Notified]


@dataclass(frozen=True, slots=True)
class Told:
    """What the outbox says (services.requests.steps.tell). `key` is one for each event."""

    key: str
    request: str
    what: str
    by: int | None = None
    side: str = ""
    from_state: str = ""
    to_state: str = ""
    event: str = ""
    message: str = ""
    note: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """`once`: what makes it the same notice when it comes again."""

    reader: Reader
    kind: Notified
    once: str = field(default="")


def told_of(payload: dict[str, Any]) -> Told:
    known = {name: payload[name] for name in Told.__dataclass_fields__ if name in payload}
    return Told(key=payload["idempotency_key"], **known)


def who_hears(session: Session, told: Told) -> list[Hearing]:
    """Needs a session over all accounts. Nobody, where the request has gone."""
    request = session.scalar(select(Request).where(Request.key == told.request))
    if request is None:
        return []
    kinds = _kinds(session, request, told)
    if told.what != "asked" and told.by is not None:
        kinds.pop(told.by, None)
    once = once_of(told.what, told.key, request)
    readers = find_readers(session, kinds)
    return [Hearing(one, kinds[one.id], f"{once}:{one.id}") for one in readers]


def _kinds(session: Session, request: Request, told: Told) -> Kinds:
    if told.what == "asked":
        return dict.fromkeys(_asked(session, request), Notified.ASKED)
    if told.what == "note":
        return dict.fromkeys(_named_in_note(session, told.note), Notified.MENTIONED)
    if told.what == "assigned":
        assignee = [] if request.assignee_id is None else [request.assignee_id]
        return dict.fromkeys(assignee, Notified.ASSIGNED)
    if told.what == "due":
        return dict.fromkeys(_responsible(session, request), Notified.DUE_SOON)
    if told.what in {"state", "message", *_LINKED}:
        return _followers_kinds(session, request, told)
    return {}


def _followers_kinds(session: Session, request: Request, told: Told) -> Kinds:
    kinds: Kinds = {}
    if _is_new(told):
        desk = [*_account_team(session, request), *_product(session)]
        kinds |= dict.fromkeys(desk, Notified.HANDED_IN)
    else:
        about = _why(request, told)
        people = _followers(session, request) | _vendor_side(session, request, told)
        kinds |= {one: about(one) for one in people}
    if told.to_state == State.RELEASED.value:
        for one in _asked(session, request):
            kinds.pop(one, None)  # they are asked instead
    if told.what == "message":
        named = _named_in_message(session, request, told.message)
        kinds |= dict.fromkeys(named, Notified.MENTIONED)
    return kinds


def _is_new(told: Told) -> bool:
    """Handed in, and not put back to where it began."""
    handed_in = told.what == "state" and told.to_state == State.SUBMITTED.value
    return handed_in and not told.from_state


def _why(request: Request, told: Told) -> Any:
    def about(user_id: int) -> Notified:
        if told.what in _LINKED:
            return Notified.MERGED_OR_SPLIT
        own = user_id == request.requester_id
        if told.what == "message":
            return Notified.MESSAGE_ON_OWN if own else Notified.MESSAGE_ON_FOLLOWED
        if request.joined:
            return Notified.SHARED_MOVED
        return Notified.OWN_REQUEST_MOVED if own else Notified.FOLLOWED_MOVED

    return about


def _followers(session: Session, request: Request) -> set[int]:
    """Also those of what was merged into it."""
    follows = (
        select(RequestFollow.user_id)
        .join(Request, Request.id == RequestFollow.request_id)
        .where(or_(Request.id == request.id, Request.merged_into_id == request.id))
        .where(RequestFollow.active)
    )
    return set(session.scalars(follows))


def _vendor_side(session: Session, request: Request, told: Told) -> set[int]:
    """Its assignee; and who looks after the account, where the customer has spoken."""
    found = set() if request.assignee_id is None else {request.assignee_id}
    if told.side == "customer" or (told.by is not None and _is_customer(session, told.by)):
        found |= set(_account_team(session, request))
    return found - _who_stopped(session, request)


def _who_stopped(session: Session, request: Request) -> set[int]:
    stopped = select(RequestFollow.user_id).where(
        RequestFollow.request_id == request.id, RequestFollow.active.is_(False)
    )
    return set(session.scalars(stopped))


def _responsible(session: Session, request: Request) -> Iterable[int]:
    if request.assignee_id is not None:
        return [request.assignee_id]
    return _account_team(session, request)


def _account_team(session: Session, request: Request) -> list[int]:
    wanted = (
        select(User.id)
        .join(AccountAssignment, AccountAssignment.user_id == User.id)
        .where(AccountAssignment.account_id == request.account_id, User.role.in_(_DESK))
    )
    return list(session.scalars(wanted))


def _product(session: Session) -> list[int]:
    return list(session.scalars(select(User.id).where(User.role == Role.PRODUCT.value)))


def _is_customer(session: Session, user_id: int) -> bool:
    role = session.scalar(select(User.role).where(User.id == user_id))
    return role in CUSTOMER_ROLES


def _asked(session: Session, request: Request) -> list[int]:
    """Who has not yet said whether the last release works."""
    wanted = select(RequestConfirmation.user_id).where(
        RequestConfirmation.request_id == request.id,
        RequestConfirmation.release == request.release,
        RequestConfirmation.answer == "",
    )
    return list(session.scalars(wanted))


def _named_in_note(session: Session, key: str) -> set[int]:
    body = session.scalar(select(InternalNote.body).where(InternalNote.key == key)) or ""
    desk = select(User.id, User.name).where(User.role.in_(_DESK), User.active)
    return mentioned(body, _names(session, desk))


def _named_in_message(session: Session, request: Request, key: str) -> set[int]:
    """Of the account's people and the vendor's. Those who may not read it are left out later."""
    body = session.scalar(select(RequestMessage.body).where(RequestMessage.key == key)) or ""
    if "@" not in body and "＠" not in body:
        return set()
    people = select(User.id, User.name).where(
        or_(User.account_id == request.account_id, User.role.in_(_DESK)), User.active
    )
    return mentioned(body, _names(session, people))


def _names(session: Session, wanted: Select[int, str]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(wanted)}
