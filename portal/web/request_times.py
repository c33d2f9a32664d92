"""Times about a request as people say them, in the reader's zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.web.clock import request_time
from portal.web.formats import clock, day, day_short, day_year, num
from portal.web.guards import scope

_HOURS = timedelta(hours=48)


def day_in(moment: datetime, *, long: bool = False) -> str:
    """3 Sep, with the year where it is another than this one; `long`: 3 September."""
    zone = ZoneInfo(scope().time_zone)
    there = moment.astimezone(zone).date()
    if there.year != request_time().astimezone(zone).year:
        return day_year(there)
    return day(there) if long else day_short(there)


def due_words(due: datetime) -> str:
    """Today, 15:30; Tomorrow, 16:00; By 4 December; Since 4 December where it is over."""
    zone = scope().time_zone
    now = request_time()
    there = due.astimezone(ZoneInfo(zone)).date()
    ahead = (there - now.astimezone(ZoneInfo(zone)).date()).days
    if due < now:
        return _("Was due on %(day)s", day=day(there))
    if ahead == 0:
        return _("Today, %(time)s", time=clock(due, zone))
    if ahead == 1:
        return _("Tomorrow, %(time)s", time=clock(due, zone))
    return _("By %(day)s", day=day(there))


def wait_words(wait: timedelta) -> str:
    """In hours up to two days, then in days; never less than one hour."""
    if wait < _HOURS:
        hours = max(round(wait / timedelta(hours=1)), 1)
        return ngettext("%(count)s hour", "%(count)s hours", hours, count=num(hours))
    days = round(wait / timedelta(days=1))
    return ngettext("%(count)s day", "%(count)s days", days, count=num(days))
