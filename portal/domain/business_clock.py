"""Business time between many pairs of moments: a calendar is laid out once, then looked up."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from portal.domain.service_level import BusinessCalendar

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class BusinessClock:
    """`opened` and `closed` are the spans of business time in order; `before` what had gone by
    when each opened.
    """

    opened: list[datetime]
    closed: list[datetime]
    before: list[timedelta]

    def minutes(self, start: datetime, end: datetime) -> int:
        """As domain.service_level.business_between, of moments within what is laid out."""
        return max(self._gone(end) - self._gone(start), timedelta()) // _MINUTE

    def _gone(self, moment: datetime) -> timedelta:
        place = bisect_right(self.opened, moment) - 1
        if place < 0:
            return timedelta()
        inside = min(moment, self.closed[place]) - self.opened[place]
        return self.before[place] + inside


def lay_out(calendar: BusinessCalendar, first: datetime, last: datetime) -> BusinessClock:
    """From the day of the one moment to the day of the other, in the calendar's zone."""
    zone, day = ZoneInfo(calendar.zone), timedelta(days=1)
    begin, end = first.astimezone(zone).date() - day, last.astimezone(zone).date() + day
    spans = [
        span
        for ahead in range((end - begin).days + 1)
        for span in calendar.spans(begin + ahead * day)
    ]
    lengths = (closed - opened for opened, closed in spans)
    before = list(accumulate(lengths, initial=timedelta()))[: len(spans)]
    return BusinessClock([one for one, _end in spans], [end for _one, end in spans], before)
