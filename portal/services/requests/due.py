"""Whose next word is due soon, or should have come: announced once for each due moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.domain.service_level import near_until
from portal.models import Account, Request, User
from portal.services.outbox import announce
from portal.services.requests.promises import Promise, Promises, promise_for, read_promises
from portal.services.requests.steps import TOLD
from portal.tenancy import scope_of

DUE = "due"
"""What those who answer for a request are told with steps.TOLD; `due` is the moment in ISO 8601."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class DueRow:
    """A request whose next due moment is near or over. `tier` is its account's; times are aware."""

    key: str
    code: str
    kind: str
    state: str
    title: str
    severity: str
    account_key: str
    account_name: str
    tier: str
    assignee: str
    next_due_at: datetime
    paused_at: datetime | None


def announce_due(session: Session) -> int:
    """Announces those that have come near since, at most 200 at once; how many. Commits. Writes
    nothing else, so that what a killed worker leaves is found again.
    """
    promises, now = read_promises(session), scope_of(session).now
    wanted = (
        select(
            Request.id,
            Request.key,
            Request.account_id,
            Request.severity,
            Request.next_due_at,
            Request.first_due_at,
            Request.update_due_at,
            Account.tier,
        )
        .join(Account, Account.id == Request.account_id)
        .where(
            Request.merged_into_id.is_(None),
            Request.next_due_at <= _horizon(promises, now),
            or_(Request.warned_for.is_(None), Request.warned_for != Request.next_due_at),
        )
        .order_by(Request.next_due_at, Request.id)
    )
    near = [row for row in session.execute(wanted) if _is_near(row, promises, now)][:BATCH]
    for row in near:
        due = row.next_due_at.isoformat()
        payload = {"request": row.key, "what": DUE, "by": None, "due": due}
        announce(session, TOLD, payload, f"{TOLD}:{DUE}:{row.key}:{due}", row.account_id)
        session.execute(
            update(Request)
            .where(Request.id == row.id)
            .values(warned_for=row.next_due_at)
            .execution_options(synchronize_session=False)
        )
    session.commit()
    return len(near)


def _horizon(promises: Promises, now: datetime) -> datetime:
    """No due moment after it is near."""
    ends = [
        near_until(one.calendar, now, minutes)
        for one in promises.values()
        for minutes in _minutes(one)
    ]
    return max([now, *(end for end in ends if end is not None)])


def _minutes(promise: Promise) -> list[int]:
    told = (promise.first, promise.update, promise.solution)
    return [minutes for minutes in told if minutes is not None]


def _is_near(row: Any, promises: Promises, now: datetime) -> bool:
    due: datetime = row.next_due_at
    promise = promise_for(promises, row.tier, row.severity)
    minutes = None if promise is None else promised_minutes(promise, row)
    if promise is None or minutes is None:
        return due <= now
    until = near_until(promise.calendar, now, minutes)
    return due <= now or (until is not None and due <= until)


def promised_minutes(promise: Promise, row: Any) -> int | None:
    """Those of the word that is due next. `row`: a request, or its columns of what is due."""
    if row.next_due_at == row.first_due_at:
        return promise.first
    return promise.update if row.next_due_at == row.update_due_at else promise.solution


def due_requests(session: Session, most: int) -> list[DueRow]:
    """Of the accounts in reach, those that were announced or are overdue; the most pressing first.
    One statement.
    """
    assignee = aliased(User)
    wanted: Any = (
        select(
            Request.key,
            Request.code,
            Request.kind,
            Request.state,
            Request.title,
            Request.severity,
            Account.key.label("account_key"),
            Account.name.label("account_name"),
            Account.tier,
            func.coalesce(assignee.name, "").label("assignee"),
            Request.next_due_at,
            Request.paused_at,
        )
        .join(Account, Account.id == Request.account_id)
        .outerjoin(assignee, assignee.id == Request.assignee_id)
        .where(_pressing(session))
        .order_by(Request.next_due_at, Request.id)
        .limit(most)
    )
    return [DueRow(*row) for row in session.execute(wanted)]


def count_due(session: Session) -> int:
    return session.scalar(select(func.count(Request.id)).where(_pressing(session))) or 0


def _pressing(session: Session) -> ColumnElement[bool]:
    announced = Request.warned_for == Request.next_due_at
    return and_(
        Request.next_due_at.is_not(None),
        Request.merged_into_id.is_(None),
        or_(Request.next_due_at <= scope_of(session).now, announced),
    )
