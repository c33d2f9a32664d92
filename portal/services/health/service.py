"""How requests of accounts were dealt with (DOMAIN §3 and §7), on given days, in two statements.

Of what an account has told itself: neither merged into another nor only joined. A request is open
as the portal words it (Phase.OPEN), from the handing in or its last reopening on; while it waits
for the customer it does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.requests import PHASES, Phase, State
from portal.models import Request, RequestEvent

OPEN = [state.value for state, phase in PHASES.items() if phase is Phase.OPEN]
WINDOW = timedelta(days=90)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Ends = Mapping[int, Mapping[date, datetime]]
"""Account → the days asked for, each with the moment at which it is over there."""


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """`age_days` of the oldest open request, `next_days` of the one after it; 0 where nothing is
    open. `answer_hours`: median until the first answer, of those answered within 90 days.
    """

    age_days: float
    next_days: float
    answer_hours: float | None


@dataclass(slots=True)
class _Asked:
    """A request, and its way as (moment, state)."""

    row: Any
    way: list[tuple[datetime, str]] = field(default_factory=list)

    def open_since(self, end: datetime) -> datetime | None:
        """None where it was not open, or waited for the customer."""
        row, gone = self.row, [step for step in self.way if step[0] < end]
        state = gone[-1][1] if gone else State.SUBMITTED.value
        if row.updated_at < end:
            state = row.state
        if state not in OPEN or (row.paused_at is not None and row.paused_at < end):
            return None
        reopened = (at for at, entered in reversed(gone) if entered == State.REOPENED.value)
        begun: datetime = next(reopened, row.created_at)
        return begun


def service_figures(session: Session, ends: Ends) -> dict[tuple[int, date], ServiceFigures]:
    """No entry where nothing was open, and nothing told or answered within 90 days."""
    asked = _read(session, ends)
    found = {}
    for account, run in ends.items():
        for day, end in run.items():
            told = [one for one in asked.get(account, []) if one.row.created_at < end]
            if (figures := _figures(told, end)) is not None:
                found[account, day] = figures
    return found


def _figures(told: Iterable[_Asked], end: datetime) -> ServiceFigures | None:
    ages, hours, heard = [], [], False
    for one in told:
        heard = heard or one.row.created_at >= end - WINDOW
        since, answered = one.open_since(end), one.row.answered_at
        if since is not None:
            ages.append((end - since) / DAY)
        if answered is not None and end - WINDOW <= answered < end:
            hours.append((answered - one.row.created_at) / HOUR)
    if not (ages or hours or heard):
        return None
    oldest, after, *_more = [*sorted(ages, reverse=True), 0.0, 0.0]
    middle = round(median(hours), 2) if hours else None
    return ServiceFigures(round(oldest, 2), round(after, 2), middle)


def _read(session: Session, ends: Ends) -> dict[int, list[_Asked]]:
    moments = [end for run in ends.values() for end in run.values()]
    if not moments:
        return {}
    concerned = _concerned(ends, min(moments), max(moments))
    wanted = select(
        Request.id,
        Request.account_id,
        Request.state,
        Request.created_at,
        Request.updated_at,
        Request.answered_at,
        Request.paused_at,
    ).where(concerned)
    asked = {row.id: _Asked(row) for row in session.execute(wanted)}
    steps = (
        select(RequestEvent.request_id, RequestEvent.at, RequestEvent.to_state)
        .join(Request, Request.id == RequestEvent.request_id)
        .where(concerned, RequestEvent.kind == "state", _needed(min(moments)))
        .order_by(RequestEvent.at, RequestEvent.id)
    )
    for request, at, state in session.execute(steps):
        asked[request].way.append((at, state))
    found: dict[int, list[_Asked]] = {}
    for one in asked.values():
        found.setdefault(one.row.account_id, []).append(one)
    return found


def _needed(first: datetime) -> ColumnElement[bool]:
    """Of what has not changed since the first day asked for, the state is known without."""
    reopened = RequestEvent.to_state == State.REOPENED.value
    return or_(Request.updated_at >= first, reopened)


def _concerned(ends: Ends, first: datetime, last: datetime) -> ColumnElement[bool]:
    """Open now, or changed since the first window began: no other was open or answered in it."""
    return and_(
        Request.account_id.in_(sorted(ends)),
        Request.merged_into_id.is_(None),
        ~Request.joined,
        Request.created_at < last,
        or_(Request.state.in_(OPEN), Request.updated_at >= first - WINDOW),
    )
