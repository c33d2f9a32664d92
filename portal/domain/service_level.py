"""Service levels in business hours (DOMAIN §7): when a word is due, and how long it has waited.

Business time runs in the hours of a calendar, in its zone, on days that are no holiday. An hour
that the clock skips or repeats when summer time changes is as long as it really was.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import holidays

from portal.domain.early_warning import is_calendar
from portal.domain.errors import Invalid

LONGEST_SEARCH = 366 * 3
"""Days looked ahead; a calendar that never opens has no due moment."""
WARN_SHARE = 0.75
"""Of the time from the start to the due moment: from then on a breach is near."""
WEEKDAYS = range(7)
LAST_HOUR = 60
"""So many business minutes before, a breach is near however much was promised."""
LONGEST_PROMISE = 2000 * 60
"""Business minutes."""
_MINUTE = timedelta(minutes=1)
_SPAN = re.compile(r"(\d{1,2})[:：](\d\d)\s*[-–—~至]\s*(\d{1,2})[:：](\d\d)")
_NOTHING = {"", "-", "–", "—"}
_DURATIONS = (
    re.compile(r"(\d{1,5})"),
    re.compile(r"(\d{1,5}):(\d\d)"),
    re.compile(
        r"(?:(\d{1,5})\s*(?:h|hours?|小时|小時))?\s*(?:(\d{1,5})\s*(?:m|min|minutes?|分钟|分鐘|分))?"
    ),
)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """`hours`: weekday (0 Monday) → spans of local time, in order and apart; `holidays` a calendar
    of domain.early_warning.workdays or empty; `days_off` beside it.
    """

    zone: str
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: str = ""
    days_off: frozenset[date] = field(default_factory=frozenset)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The business time of that local day, as moments in UTC."""
        if day in self.days_off or not self._works(day):
            return []
        zone = ZoneInfo(self.zone)
        moments = [
            (_moment(day, start, zone), _moment(day, end, zone))
            for start, end in self.hours.get(day.weekday(), ())
        ]
        return [(start, end) for start, end in moments if start < end]

    def _works(self, day: date) -> bool:
        """A country's holidays close it; its weekend does not, as the hours say that."""
        return not self.holidays or not is_holiday(self.holidays, day)

    @property
    def opens(self) -> bool:
        return any(self.hours.get(weekday) for weekday in WEEKDAYS)


def is_holiday(calendar: str, day: date) -> bool:
    """Of a country, or of a part of it: `NO`, `DE-BY`."""
    return day in _holidays(calendar)


@cache
def _holidays(calendar: str) -> holidays.HolidayBase:
    """Knows a year when it is first asked for one."""
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def add_business(calendar: BusinessCalendar, start: datetime, minutes: int) -> datetime | None:
    """The moment (UTC) at which so many business minutes after `start` are over; None where the
    calendar does not open for so long. 0 minutes: the first moment of business time from then on.
    """
    left = timedelta(minutes=minutes)
    for opened, closed in _spans_from(calendar, start):
        begin = max(opened, start)
        if closed - begin >= left:
            return begin + left
        left -= closed - begin
    return None


def business_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """Whole business minutes from `start` to `end`; 0 where the end comes first."""
    total = timedelta()
    for opened, closed in _spans_from(calendar, start):
        if opened >= end:
            break
        total += max(min(closed, end) - max(opened, start), timedelta())
    return total // _MINUTE


def warn_at(calendar: BusinessCalendar, start: datetime, minutes: int) -> datetime | None:
    """When a breach comes near: after three quarters of the time."""
    return add_business(calendar, start, int(minutes * WARN_SHARE))


def near_until(calendar: BusinessCalendar, now: datetime, minutes: int) -> datetime | None:
    """A due moment up to here is near: of the promised `minutes` three quarters are gone, or the
    last business hour has begun. None where the calendar does not open.
    """
    return add_business(calendar, now, max(LAST_HOUR, minutes - int(minutes * WARN_SHARE)))


def parse_calendar(
    zone: str, hours: Mapping[str, list[list[str]]], closed_in: str, days_off: list[str]
) -> BusinessCalendar:
    """From what is stored or typed; `closed_in` is the calendar of holidays. Raises Invalid with a
    sentence for each member.
    """
    fields = {}
    if zone not in available_timezones():
        fields["zone"] = "Choose a zone of the list."
    if closed_in and not is_calendar(closed_in):
        fields["holidays"] = "There is no such calendar of holidays."
    try:
        off = frozenset(date.fromisoformat(day) for day in days_off)
    except ValueError:
        off = frozenset()
        fields["days_off"] = "Write each day like 2026-12-24."
    spans: dict[int, tuple[tuple[time, time], ...]] = {}
    for weekday in WEEKDAYS:
        try:
            spans[weekday] = _spans(hours.get(str(weekday), []))
        except ValueError:
            fields[f"hours_{weekday}"] = "Write spans like 09:00-17:00, in order."
    if not fields and not any(spans.values()):
        fields["hours_0"] = "Say on at least one day when you work."
    if fields:
        raise Invalid("The calendar cannot be read.", code="bad-calendar", fields=fields)
    return BusinessCalendar(zone, spans, closed_in, off)


def parse_spans(told: str) -> list[list[str]]:
    """09:00-12:00, 13:00-17:00 → [["09:00", "12:00"], ["13:00", "17:00"]]; nothing for nothing.
    Raises ValueError.
    """
    spans = []
    for part in re.split(r"[,;，；、]", told):
        if not part.strip():
            continue
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise ValueError(part)
        spans.append([f"{int(found[1]):02}:{found[2]}", f"{int(found[3]):02}:{found[4]}"])
    _spans(spans)
    return spans


def parse_minutes(told: str) -> int | None:
    """Business minutes of "4 h", "30 min", "1 h 30 min", "1:30" or "4" (hours), with Chinese units
    too; None for nothing. Raises ValueError.
    """
    text = told.strip().lower()
    if text in _NOTHING:
        return None
    for pattern in _DURATIONS:
        found = pattern.fullmatch(text)
        if found is not None and any(found.groups()):
            hours, minutes = (*found.groups(), None)[:2]
            return int(hours or 0) * 60 + int(minutes or 0)
    raise ValueError(told)


def _spans(told: list[list[str]]) -> tuple[tuple[time, time], ...]:
    spans = tuple((time.fromisoformat(start), _end(end)) for start, end in told)
    if any(start >= end for start, end in spans):
        raise ValueError("a span ends before it begins")
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise ValueError("spans lie over each other")
    return spans


def _end(told: str) -> time:
    """24:00 is the end of the day."""
    return time.max if told == "24:00" else time.fromisoformat(told)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    if at == time.max:
        day, at = day + timedelta(days=1), time.min
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    there_is = moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
    return moment if there_is else _leap(local.replace(fold=1).astimezone(UTC), moment, zone)


def _leap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two at which the clock leaps forward, to the minute: what is told in
    the hour that it leaps over happens then.
    """
    offset = before.astimezone(zone).utcoffset()
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _spans_from(calendar: BusinessCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Business time from that moment on, in order."""
    if not calendar.opens:
        return
    first = start.astimezone(ZoneInfo(calendar.zone)).date() - timedelta(days=1)
    for ahead in range(LONGEST_SEARCH):
        for opened, closed in calendar.spans(first + timedelta(days=ahead)):
            if closed > start:
                yield opened, closed
