"""How long the vendor has until its next word about a request is due, in business time."""

from datetime import datetime
from typing import Protocol

from flask import g
from flask_babel import gettext as _

from portal.domain.service_level import LAST_HOUR, BusinessCalendar, business_between
from portal.services.requests.promises import Promises, promise_for, read_promises
from portal.web.formats import num
from portal.web.guards import db

HOUR = 60


class Due(Protocol):
    """What a row of a request has to have. `tier` is its account's."""

    @property
    def tier(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def next_due_at(self) -> datetime | None: ...
    @property
    def paused_at(self) -> datetime | None: ...


def time_left(row: Due, now: datetime) -> tuple[str, str]:
    """50 min left, with its tone: "risk" overdue, "watch" within the last business hour, else "".
    Empty words where nothing is promised. For the vendor's people.
    """
    if row.paused_at is not None:
        return _("waits for the customer"), ""
    due = row.next_due_at
    if due is None:
        return "", ""
    if due <= now:
        late = minutes_between(row, due, now)
        said = _("overdue by %(time)s", time=business_words(late)) if late else _("overdue")
        return said, "risk"
    left = minutes_between(row, now, due)
    tone = "watch" if left <= LAST_HOUR else ""
    return _("%(time)s left", time=business_words(left)), tone


def business_words(minutes: int) -> str:
    """50 → 50 min; from an hour on 1 h, 1 h 30 min; from ten hours on whole hours."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return _("%(minutes)s min", minutes=num(rest))
    if not rest or minutes >= 10 * HOUR:
        return _("%(hours)s h", hours=num(hours))
    return _("%(hours)s h %(minutes)s min", hours=num(hours), minutes=rest)


def minutes_between(row: Due, start: datetime, end: datetime) -> int:
    """Business time; by the clock where nothing is promised any more."""
    calendar = _calendar(row)
    if calendar is None:
        return int((end - start).total_seconds()) // 60
    return business_between(calendar, start, end)


def _calendar(row: Due) -> BusinessCalendar | None:
    promise = promise_for(_promises(), row.tier, row.severity)
    return None if promise is None else promise.calendar


def _promises() -> Promises:
    """Read once a request."""
    if "promises" not in g:
        g.promises = read_promises(db())
    kept: Promises = g.promises
    return kept
