"""What the vendor's people do with a request beside moving it: whose it is, and what it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Forbidden, Invalid
from portal.domain.permissions import TABLE, Permission
from portal.domain.request_grading import Effect
from portal.domain.requests import Kind, Severity, State
from portal.models import AccountAssignment, AuditEntry, Feature, Request, User, Vendor
from portal.services.requests.access import take_request
from portal.services.requests.clock import wind
from portal.services.requests.steps import finish, tell
from portal.services.requests.voices import add_follower
from portal.tenancy import scope_of

_DESK = [role.value for role, may in TABLE.items() if Permission.REQUEST_DESK in may]
_ALL = [
    role.value
    for role, may in TABLE.items()
    if Permission.REQUEST_DESK in may and may & {Permission.ACCOUNT_ALL, Permission.REQUEST_TRIAGE}
]
UNSORTED = frozenset({State.SUBMITTED.value, State.CLARIFYING.value})
"""What it is may be said anew before anybody has promised anything."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a request is: values of Kind, Severity and Effect (the last two may be empty), and a
    feature's key or nothing.
    """

    kind: str
    severity: str
    effect: str
    feature_key: str


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody else has done to it. `details` are those of the audit log."""

    who: str
    action: str
    at: datetime
    details: dict[str, Any]


def needs_desk(session: Session) -> None:
    if not scope_of(session).allows(Permission.REQUEST_DESK):
        raise Forbidden


def needs_triage(session: Session) -> None:
    if not scope_of(session).allows(Permission.REQUEST_TRIAGE):
        raise Forbidden


def assign(session: Session, key: str, user_key: str, version: int | None = None) -> None:
    """An empty `user_key` takes it from whoever has it; commits. It is no word to the customer.
    Raises NotFound, Conflict, Forbidden and Invalid.
    """
    needs_desk(session)
    request = take_request(session, key, version)
    chosen = _assignee_id(session, request, user_key)
    request.assignee_id = chosen
    request.version += 1
    if chosen is not None:
        add_follower(session, request, chosen)
        tell(session, request, "assigned")
    finish(session, "request.assign", request, to=user_key)


def sort_request(session: Session, key: str, sorting: Sorting, version: int | None = None) -> None:
    """Says anew what it is; commits. What was told stays as it was told. Raises NotFound, Conflict
    (also where it is planned or further), Forbidden and Invalid.
    """
    needs_triage(session)
    request = take_request(session, key, version)
    if request.state not in UNSORTED:
        raise Conflict("What it is stands fast since it was planned.", code="sorted-already")
    _check(session, sorting)
    request.kind, request.severity = sorting.kind, sorting.severity
    request.effect, request.feature_key = sorting.effect, sorting.feature_key
    request.version += 1
    wind(session, request, "")
    finish(session, "request.sort", request, kind=sorting.kind, severity=sorting.severity)


def assignable(session: Session, account_id: int | None = None) -> list[tuple[str, str]]:
    """Key and name of those who may have requests, by name: of one account those who reach it."""
    wanted = select(User.key, User.name, User.email).where(
        User.active.is_(True), User.account_id.is_(None), *_reaching(session, account_id)
    )
    rows = session.execute(wanted.order_by(User.name, User.email))
    return [(row.key, row.name or row.email) for row in rows]


def changes_since(session: Session, key: str, seen: datetime) -> list[Change]:
    """What others have done to it since somebody has read it, the oldest first."""
    wanted = (
        select(AuditEntry.action, AuditEntry.at, AuditEntry.details, User.name, AuditEntry.actor)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(
            AuditEntry.object_type == "request",
            AuditEntry.object_key == key,
            AuditEntry.at >= seen,
            or_(AuditEntry.user_id.is_(None), AuditEntry.user_id != scope_of(session).user_id),
        )
        .order_by(AuditEntry.id)
        .limit(10)
    )
    return [
        Change(row.name or row.actor, row.action, row.at, row.details)
        for row in session.execute(wanted)
    ]


def _assignee_id(session: Session, request: Request, user_key: str) -> int | None:
    if not user_key:
        return None
    reaching = _reaching(session, request.account_id)
    wanted = select(User.id).where(User.key == user_key, User.active.is_(True), *reaching)
    found = session.scalar(wanted)
    if found is None:
        said = "Choose somebody who reaches this account’s requests."
        raise Invalid(said, code="no-such-assignee", fields={"assignee": said})
    return found


def _reaching(session: Session, account_id: int | None) -> list[Any]:
    if account_id is None or session.scalar(select(Vendor.csm_sees_all).where(Vendor.id == 1)):
        return [User.role.in_(_DESK)]
    assigned = select(AccountAssignment.user_id).where(AccountAssignment.account_id == account_id)
    return [or_(User.role.in_(_ALL), User.role.in_(_DESK) & User.id.in_(assigned))]


def _check(session: Session, sorting: Sorting) -> None:
    known = select(Feature.key).where(Feature.key == sorting.feature_key)
    said = "Choose one of the list."
    wrong = {
        "kind": sorting.kind not in set(Kind),
        "severity": sorting.severity not in {"", *Severity},
        "effect": sorting.effect not in {"", *Effect},
        "feature_key": bool(sorting.feature_key) and session.scalar(known) is None,
    }
    fields = {name: said for name, bad in wrong.items() if bad}
    if fields:
        raise Invalid("Something is not of the list.", code="no-such-choice", fields=fields)
