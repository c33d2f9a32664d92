"""The audit log: who did what to what, when, from where, on whose behalf. Only ever added to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.models import AuditEntry
from portal.tenancy import Scope, scope_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Empty means any. `since` is the first moment, `until` the first one no longer asked for.
    An `action` that ends with a dot means all that begin so.
    """

    actor: str = ""
    action: str = ""
    object_type: str = ""
    object_key: str = ""
    account_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditView:
    at: datetime
    actor: str
    on_behalf_of: str | None
    action: str
    object_type: str
    object_key: str
    account_id: int | None
    origin: str
    request_id: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`following` is the page to ask for next, None on the last."""

    entries: list[AuditView]
    following: str | None


def record(
    session: Session,
    action: str,
    object_type: str = "",
    object_key: str = "",
    *,
    account_id: int | None = None,
    **details: Any,
) -> None:
    """Adds an entry to the caller's transaction. Who and where from come from the session's
    scope; so does the account, where it is of one. `details` are JSON values, never secrets.
    """
    scope = scope_of(session)
    session.add(
        AuditEntry(
            at=scope.now,
            actor=scope.actor or scope.origin,
            user_id=scope.user_id,
            on_behalf_of=scope.on_behalf_of,
            action=action,
            object_type=object_type,
            object_key=object_key,
            account_id=_only_account(scope) if account_id is None else account_id,
            origin=scope.origin[:120],
            request_id=scope.request_id[:40],
            details=details,
        )
    )


def _only_account(scope: Scope) -> int | None:
    return scope.account_id if scope.accounts is not None and len(scope.accounts) == 1 else None


def entries(
    session: Session,
    filters: AuditFilters | None = None,
    page: str | None = None,
    *,
    size: int = PAGE_SIZE,
) -> AuditPage:
    """The latest first. `page` is the `following` of the page before; raises Invalid."""
    wanted = _conditions(filters or AuditFilters())
    if page:
        wanted.append(_older_than(page))
    found = session.execute(
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor,
            AuditEntry.on_behalf_of,
            AuditEntry.action,
            AuditEntry.object_type,
            AuditEntry.object_key,
            AuditEntry.account_id,
            AuditEntry.origin,
            AuditEntry.request_id,
            AuditEntry.details,
        )
        .where(*wanted)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(size + 1)
    ).all()
    shown = found[:size]
    more = len(found) > size
    following = f"{shown[-1].at.isoformat()}~{shown[-1].id}" if more else None
    return AuditPage([AuditView(*row[1:]) for row in shown], following)


def _conditions(filters: AuditFilters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    for name in ("actor", "object_type", "object_key", "account_id"):
        value = getattr(filters, name)
        if value not in ("", None):
            wanted.append(getattr(AuditEntry, name) == value)
    if filters.action.endswith("."):
        wanted.append(AuditEntry.action.startswith(filters.action, autoescape=True))
    elif filters.action:
        wanted.append(AuditEntry.action == filters.action)
    if filters.since is not None:
        wanted.append(AuditEntry.at >= filters.since)
    if filters.until is not None:
        wanted.append(AuditEntry.at < filters.until)
    return wanted


def _older_than(page: str) -> ColumnElement[bool]:
    moment, _, number = page.partition("~")
    try:
        at, last = datetime.fromisoformat(moment), int(number)
    except ValueError:
        raise Invalid("This is no page of the audit log.", code="unknown-page") from None
    if at.tzinfo is None:
        raise Invalid("This is no page of the audit log.", code="unknown-page")
    return or_(AuditEntry.at < at, and_(AuditEntry.at == at, AuditEntry.id < last))
