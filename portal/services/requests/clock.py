"""When the vendor's next word about a request is due (service levels, in business time)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.requests import PHASES, Phase, State
from portal.domain.service_level import BusinessCalendar, add_business, business_between
from portal.models import Account, Request
from portal.services.requests.promises import Promise, promise_for, read_promises
from portal.tenancy import scope_of

_VENDOR, _CUSTOMER = "vendor", "customer"


def wind(session: Session, request: Request, spoke: str) -> None:
    """Sets what is due after a word of the side `spoke` ("vendor", "customer", or another where
    neither has said anything), in the caller's transaction. It waits for the customer from when the
    vendor has asked (clarifying) to their next word; that time does not count.
    """
    promise = _promise(session, request)
    now = scope_of(session).now
    if promise is None:
        request.first_due_at = request.update_due_at = request.solution_due_at = None
        request.next_due_at = None
        return
    _pause(request, promise.calendar, now, waits=_waits_for_customer(request, spoke))
    phase = PHASES[State(request.state)]
    works_on = phase in {Phase.OPEN, Phase.ACTIVE}
    request.first_due_at = None
    if request.answered_at is None and works_on:
        request.first_due_at = _due(promise, request.created_at, promise.first)
    if not works_on:
        request.update_due_at = request.solution_due_at = None
    else:
        request.solution_due_at = _due(
            promise, request.created_at, promise.solution, request.paused_minutes
        )
        if request.answered_at is not None and spoke == _VENDOR:
            request.update_due_at = _due(promise, now, promise.update)
    dues = (request.first_due_at, request.update_due_at, request.solution_due_at)
    running = [due for due in dues if due is not None]
    request.next_due_at = min(running) if running and request.paused_at is None else None


def _due(promise: Promise, start: datetime, minutes: int | None, more: int = 0) -> datetime | None:
    return None if minutes is None else add_business(promise.calendar, start, minutes + more)


def _pause(request: Request, calendar: BusinessCalendar, now: datetime, *, waits: bool) -> None:
    """The update that was due is put off by the pause, as the solution is by `paused_minutes`."""
    if waits:
        request.paused_at = request.paused_at or now
        return
    if request.paused_at is None:
        return
    waited = business_between(calendar, request.paused_at, now)
    request.paused_minutes += waited
    if request.update_due_at is not None:
        request.update_due_at = add_business(calendar, request.update_due_at, waited)
    request.paused_at = None


def _waits_for_customer(request: Request, spoke: str) -> bool:
    if request.state != State.CLARIFYING.value or spoke == _CUSTOMER:
        return False
    return request.paused_at is not None or spoke == _VENDOR


def _promise(session: Session, request: Request) -> Promise | None:
    wanted = select(Account.tier).where(Account.id == request.account_id)
    return promise_for(read_promises(session), session.scalar(wanted) or "", request.severity)
