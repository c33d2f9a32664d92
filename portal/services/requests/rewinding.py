"""What is due of open requests is worked out anew, after a level or a calendar has changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session

from portal.domain.requests import PHASES, Phase, State
from portal.domain.service_level import add_business, business_between
from portal.models import Account, Request, RequestEvent, RequestMessage
from portal.services.requests.clock import wind
from portal.services.requests.promises import Promises, promise_for, read_promises
from portal.services.requests.steps import WORDS

BATCH = 200
_OPEN = [state.value for state, phase in PHASES.items() if phase in {Phase.OPEN, Phase.ACTIVE}]
Words = Mapping[int, tuple[datetime | None, datetime | None]]
"""Request → the last word of the vendor, and of the customer."""


def open_requests(session: Session, tier: str) -> list[int]:
    """Of accounts of the tier, in order of their ids: those for which something may be due."""
    wanted = (
        select(Request.id)
        .join(Account, Account.id == Request.account_id)
        .where(Account.tier == tier, Request.state.in_(_OPEN))
        .order_by(Request.id)
    )
    return list(session.scalars(wanted))


def rewind_requests(session: Session, ids: Sequence[int]) -> int:
    """How many; commits. The same twice changes nothing more."""
    found = rewind(session, ids)
    session.commit()
    return found


def rewind(session: Session, ids: Sequence[int]) -> int:
    """In the caller's transaction. What was waited before counts as it was counted then."""
    wanted = select(Request).where(Request.id.in_(ids)).order_by(Request.id).with_for_update()
    requests = session.scalars(wanted.execution_options(populate_existing=True)).all()
    promises, words = read_promises(session), _last_words(session, ids)
    wanted_tiers = select(Request.id, Account.tier).join(Account, Account.id == Request.account_id)
    tiers = {row.id: row.tier for row in session.execute(wanted_tiers.where(Request.id.in_(ids)))}
    for request in requests:
        _rewind(session, request, promises, tiers[request.id], words.get(request.id, (None, None)))
    return len(requests)


def _rewind(
    session: Session,
    request: Request,
    promises: Promises,
    tier: str,
    words: tuple[datetime | None, datetime | None],
) -> None:
    """The next word is due counted from the vendor's last, put off by the wait that followed it."""
    vendor, customer = words
    promise = promise_for(promises, tier, request.severity)
    clarifying = request.state == State.CLARIFYING.value
    asked = clarifying and vendor is not None and (customer is None or customer < vendor)
    if asked and request.paused_at is None:
        request.paused_at = vendor
    request.update_due_at = None
    if promise is not None and promise.update is not None and request.answered_at and vendor:
        waited = 0
        if clarifying and not asked and customer is not None:
            waited = business_between(promise.calendar, vendor, customer)
        request.update_due_at = add_business(promise.calendar, vendor, promise.update + waited)
    wind(session, request, "nobody")


def _last_words(session: Session, ids: Sequence[int]) -> Words:
    """Two statements."""
    found: dict[int, dict[str, datetime]] = {}
    is_word = or_(RequestEvent.side != "vendor", RequestEvent.kind.in_(WORDS))
    for model, said_by in ((RequestMessage, true()), (RequestEvent, is_word)):
        wanted = (
            select(model.request_id, model.side, func.max(model.at))
            .where(model.request_id.in_(ids), said_by)
            .group_by(model.request_id, model.side)
        )
        for request_id, side, at in session.execute(wanted):
            mine = found.setdefault(request_id, {})
            mine[side] = max(at, mine.get(side, at))
    return {one: (said.get("vendor"), said.get("customer")) for one, said in found.items()}
