"""The sentences that adoption pages open with, computed from the figures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.adoption import Adoption, FeatureUse, Week
from portal.web.adoption.span import Span
from portal.web.formats import clock, moment, num, pct, signed, weekday, zone_city
from portal.web.locale import request_locale

FALLING, RISING = -0.1, 0.1
# A fifth less in a week is no mere wobble.
DROP = -0.2
STEADY_WEEKS = 4
FRESH_FOR = timedelta(days=2, hours=2)


def headline(now: Adoption, active: int, span: Span, vendor: str) -> str:
    """Such as: 218 of 260 people worked in Ferrymark in the last 30 days."""
    if not now.coverage_days and span.own:
        return _("Nobody worked in %(vendor)s %(when)s.", vendor=vendor, when=span.words())
    if not now.coverage_days:
        return _("Nobody has worked in %(vendor)s %(when)s yet.", vendor=vendor, when=span.words())
    if not now.provisioned:
        return ngettext(
            "%(count)s person worked in %(vendor)s %(when)s.",
            "%(count)s people worked in %(vendor)s %(when)s.",
            active,
            count=num(active),
            vendor=vendor,
            when=span.words(),
        )
    return _(
        "%(active)s of %(all)s people worked in %(vendor)s %(when)s.",
        active=num(active),
        all=num(now.provisioned),
        vendor=vendor,
        when=span.words(),
    )


def nothing_yet(span: Span) -> str:
    """Why there is nothing to see in the days shown."""
    if span.own:
        return _("There are no events from these days.")
    return _("As soon as events arrive, they are shown here.")


def course(weeks: Sequence[Week]) -> str:
    """How the weekly use went over the weeks shown."""
    counts = [week.active for week in weeks]
    if len(counts) < STEADY_WEEKS + 1 or not any(counts):
        return _("There are too few weeks to see a course yet.")
    if counts[-1] == 0:
        return _("Nobody was active in the last week.")
    before = sum(counts[-STEADY_WEEKS - 1 : -1]) / STEADY_WEEKS
    change = counts[-1] / before - 1 if before else 1.0
    if change <= DROP:
        return _(
            "Last week %(now)s people were active, against %(before)s on average in the four "
            "weeks before.",
            now=num(counts[-1]),
            before=num(before),
        )
    longer = sum(counts[-STEADY_WEEKS:]) / (sum(counts[:STEADY_WEEKS]) or 1) - 1
    weeks_words = num(len(counts))
    if longer > RISING:
        return _("Weekly use has grown over the last %(weeks)s weeks.", weeks=weeks_words)
    if longer < FALLING:
        return _("Weekly use has fallen over the last %(weeks)s weeks.", weeks=weeks_words)
    return _("Weekly use has been steady for %(weeks)s weeks.", weeks=weeks_words)


def unused(features: Sequence[FeatureUse]) -> str:
    """How many core features wait for a first user; empty where none does."""
    waiting = [one for one in features if one.core and one.unused]
    if not waiting:
        return ""
    if len(waiting) == 1:
        return _("%(feature)s waits for a first user.", feature=waiting[0].name(request_locale()))
    return _("%(count)s core features wait for a first user.", count=num(len(waiting)))


def breadth(now: Adoption) -> str:
    """The head of the feature map: 8 of 10 core features are in use."""
    if not now.breadth.entitled:
        return _("Core features")
    return _(
        "%(used)s of %(all)s core features are in use",
        used=num(now.breadth.used),
        all=num(now.breadth.entitled),
    )


def calls(total: int | None, integrations: int | None) -> str:
    if total is None or integrations is None:
        return _("Calls by integrations are not known")
    if not total:
        return _("No integration has called yet")
    return ngettext(
        "%(count)s integration made %(calls)s calls",
        "%(count)s integrations made %(calls)s calls",
        integrations,
        count=num(integrations),
        calls=num(total),
    )


def points(difference: float | None) -> tuple[str, str]:
    """A change of a ratio in percentage points, and whether it is "up", "down" or neither."""
    if difference is None:
        return "", ""
    rounded = round(difference * 100)
    return _("%(change)s points", change=signed(rounded)), _way(rounded)


def relative(share: float | None) -> tuple[str, str]:
    """A change in per cent of the figure before."""
    if share is None:
        return "", ""
    rounded = round(share * 100)
    sign = "+" if rounded > 0 else ""
    return sign + pct(rounded / 100).replace("-", "−"), _way(rounded)


def _way(change: float) -> str:
    return "up" if change > 0 else "down" if change < 0 else ""


def fresh(now: Adoption, present: datetime) -> tuple[str, bool]:
    """The as-of line, and whether it is a warning."""
    last = now.last_event_at
    if last is None:
        return _("No event has arrived yet."), True
    words = _(
        "Up to %(day)s; last event %(time)s in %(city)s",
        day=weekday(now.as_of),
        time=_when(last, now),
        city=zone_city(now.time_zone),
    )
    return words, is_stale(last, present)


def is_stale(last_event_at: datetime | None, present: datetime) -> bool:
    """No event, or none for more than a day."""
    return last_event_at is None or present - last_event_at > FRESH_FOR


def _when(last: datetime, now: Adoption) -> str:
    """The time of day; on another day than the one just named, with its date."""
    if last.astimezone(ZoneInfo(now.time_zone)).date() == now.as_of:
        return clock(last, now.time_zone)
    return moment(last, now.time_zone)
