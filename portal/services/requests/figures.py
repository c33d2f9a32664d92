"""How the loop goes (DOMAIN §7): how long until an answer, a decision, a release, the customer's
yes; and what became of releases.

A duration counts in the window in which it ended, over requests that an account has told itself:
neither merged into another nor only joined. All run from the handing in.

- first answer: until the vendor's first message, or the first move that those who asked are told of
  (Request.answered_at; a merge or a link is none), in hours by the clock; beside it in business
  hours, of those whose tier and severity have a service level now
- decision: until it was first planned, reproduced, declined or, undecided before, released, in days
- release: until its last release, in days
- confirmation: until the customer said that it works, of those that stand confirmed, in days

Each is a median. An outcome is a state that a release led to, on the day that it came: confirmed
by the customer, closed unconfirmed by their silence, or reopened after the release (also when it
had been closed). Confirm rate, unconfirmed share and reopen rate are its parts of all outcomes.
Outcomes of what an account has only joined count as well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from portal.domain.business_clock import BusinessClock, lay_out
from portal.domain.requests import Kind, State, Visibility
from portal.domain.service_level import BusinessCalendar
from portal.models import Account, Request, RequestEvent
from portal.services.requests.promises import promise_for, read_promises
from portal.tenancy import scope_of

FEWEST = 5
"""A median or share of fewer says nothing."""
WINDOWS = (30, 90, 365)
USUAL_WINDOW = 90
MONTHS = 12
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_CLOSED = (State.CONFIRMED, State.UNCONFIRMED, State.DECLINED)
_AFTER_RELEASE = [state.value for state in (State.RELEASED, State.CONFIRMED, State.UNCONFIRMED)]


@dataclass(frozen=True, slots=True)
class Middle:
    """The median of `n` durations; None where there is none."""

    value: float | None
    n: int

    @property
    def enough(self) -> bool:
        return self.n >= FEWEST


@dataclass(frozen=True, slots=True)
class LoopFigures:
    """Hours and days may be fractions."""

    answer_hours: Middle
    answer_business_hours: Middle
    decision_days: Middle
    release_days: Middle
    confirmation_days: Middle
    confirmed: int
    unconfirmed: int
    reopened: int

    @property
    def outcomes(self) -> int:
        return self.confirmed + self.unconfirmed + self.reopened

    def share(self, count: int) -> float | None:
        return count / self.outcomes if self.outcomes else None


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """What was closed in a month of the reader's zone; `first` is its first day."""

    first: date
    confirmed: int
    unconfirmed: int
    declined: int


@dataclass(frozen=True, slots=True)
class FigureBook:
    """`by_account` holds key, name and figures of those where something ended in the window."""

    days: int
    all: LoopFigures
    by_kind: dict[Kind, LoopFigures]
    by_account: list[tuple[str, str, LoopFigures]]
    months: list[MonthClosed]


def read_figures(session: Session, days: int = USUAL_WINDOW) -> FigureBook:
    """Over the `days` up to now, of the accounts in reach. A customer's are of what everybody of
    the company may read. Three statements, however many accounts there are.
    """
    now = scope_of(session).now
    since = now - timedelta(days=days)
    months = _months(now.astimezone(_zone(session)).date())
    begin = datetime(months[0].year, months[0].month, 1, tzinfo=_zone(session))
    asked = _requests(session, since)
    events = _events(session, min(since, begin))
    recent = [one for one in events if one.at >= since]
    measure = _Measure(since, _business_minutes(session, asked))
    return FigureBook(
        days=days,
        all=measure.of(asked, recent),
        by_kind={kind: measure.of(*_only(asked, recent, kind)) for kind in Kind},
        by_account=_by_account(asked, recent, measure),
        months=_closed(events, months, _zone(session)),
    )


def _zone(session: Session) -> ZoneInfo:
    return ZoneInfo(scope_of(session).time_zone)


def _seen(session: Session) -> ColumnElement[bool]:
    """The same for every reader of an account, so that nobody's private request shows in it."""
    company = Request.visibility == Visibility.COMPANY.value
    wide = true() if scope_of(session).role.side == "vendor" else company
    return and_(wide, Request.merged_into_id.is_(None))


def _requests(session: Session, since: datetime) -> Sequence[Any]:
    """Those told by an account itself of which something ended in the window."""
    ends = (Request.answered_at, Request.decided_at, Request.released_at, Request.settled_at)
    wanted = (
        select(
            Request.id,
            Request.kind,
            Request.state,
            Request.severity,
            Request.created_at,
            *ends,
            Account.key,
            Account.name,
            Account.tier,
        )
        .join(Account, Account.id == Request.account_id)
        .where(_seen(session), ~Request.joined, or_(*(end >= since for end in ends)))
    )
    return session.execute(wanted).all()


def _events(session: Session, since: datetime) -> Sequence[Any]:
    """What was closed or reopened."""
    states = [state.value for state in (*_CLOSED, State.REOPENED)]
    wanted = (
        select(
            RequestEvent.from_state,
            RequestEvent.to_state,
            RequestEvent.at,
            Request.kind,
            Account.key,
            Account.name,
        )
        .join(Request, Request.id == RequestEvent.request_id)
        .join(Account, Account.id == Request.account_id)
        .where(
            _seen(session),
            RequestEvent.kind == "state",
            RequestEvent.to_state.in_(states),
            RequestEvent.at >= since,
        )
    )
    return session.execute(wanted).all()


def _only(asked: Sequence[Any], events: Sequence[Any], kind: Kind) -> tuple[list[Any], list[Any]]:
    return (
        [one for one in asked if one.kind == kind.value],
        [one for one in events if one.kind == kind.value],
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """`business`: by request, the business minutes to the first answer."""

    since: datetime
    business: Mapping[int, int]

    def of(self, asked: Sequence[Any], events: Sequence[Any]) -> LoopFigures:
        told = [one for one in asked if self._inside(one.answered_at)]
        worked = [self.business[one.id] / 60 for one in told if one.id in self.business]
        confirmed = [one for one in asked if one.state == State.CONFIRMED.value]
        outcome = Counter(one.to_state for one in events if _is_outcome(one))
        return LoopFigures(
            answer_hours=_middle([(one.answered_at - one.created_at) / HOUR for one in told]),
            answer_business_hours=_middle(worked),
            decision_days=self._days(asked, "decided_at"),
            release_days=self._days(asked, "released_at"),
            confirmation_days=self._days(confirmed, "settled_at"),
            confirmed=outcome[State.CONFIRMED.value],
            unconfirmed=outcome[State.UNCONFIRMED.value],
            reopened=outcome[State.REOPENED.value],
        )

    def _inside(self, end: datetime | None) -> bool:
        return end is not None and end >= self.since

    def _days(self, asked: Iterable[Any], end: str) -> Middle:
        ended = [(getattr(one, end), one.created_at) for one in asked]
        return _middle([(one - begun) / DAY for one, begun in ended if self._inside(one)])


def _middle(values: Sequence[float]) -> Middle:
    return Middle(median(values) if values else None, len(values))


def _is_outcome(event: Any) -> bool:
    if event.to_state == State.REOPENED.value:
        return str(event.from_state) in _AFTER_RELEASE
    return str(event.to_state) != State.DECLINED.value


def _business_minutes(session: Session, asked: Sequence[Any]) -> dict[int, int]:
    """Each calendar is laid out once, over all that it is asked for."""
    promises = read_promises(session)
    found: dict[int, BusinessCalendar] = {}
    for one in asked:
        promise = promise_for(promises, one.tier, one.severity)
        if promise is not None and one.answered_at is not None:
            found[one.id] = promise.calendar
    told = [one for one in asked if one.id in found]
    if not told:
        return {}
    first = min(one.created_at for one in told)
    last = max(one.answered_at for one in told)
    clocks: dict[int, BusinessClock] = {}
    for calendar in found.values():
        if id(calendar) not in clocks:
            clocks[id(calendar)] = lay_out(calendar, first, last)
    return {
        one.id: clocks[id(found[one.id])].minutes(one.created_at, one.answered_at) for one in told
    }


def _by_account(
    asked: Sequence[Any], events: Sequence[Any], measure: _Measure
) -> list[tuple[str, str, LoopFigures]]:
    """By name."""
    names = {one.key: one.name for one in (*asked, *events)}
    mine: dict[str, tuple[list[Any], list[Any]]] = {key: ([], []) for key in names}
    for place, rows in enumerate((asked, events)):
        for one in rows:
            mine[one.key][place].append(one)
    ordered = sorted(names, key=lambda key: names[key].casefold())
    return [(key, names[key], measure.of(*mine[key])) for key in ordered]


def _closed(events: Iterable[Any], months: Sequence[date], zone: ZoneInfo) -> list[MonthClosed]:
    counts: Counter[tuple[date, str]] = Counter()
    for one in events:
        counts[one.at.astimezone(zone).date().replace(day=1), one.to_state] += 1
    return [
        MonthClosed(month, *(counts[month, state.value] for state in _CLOSED)) for month in months
    ]


def _months(today: date) -> list[date]:
    """The first days of the twelve months that end with this one."""
    number = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 1)]
