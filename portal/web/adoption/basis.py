"""The line under figures: which days, the last event, and how many of the days have data."""

from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.adoption import Adoption, Basis
from portal.web.formats import clock, day_year, moment, num, zone_city
from portal.web.prose import joined


def basis_words(basis: Basis) -> str:
    """Such as: 25 May 2026 to 22 November 2026. Last event 14:03 in Oslo. Since the first event:
    182 of 182 days. What was told as sums has no minutes, which is said, too.
    """
    if basis.last_event_at is None:
        return joined(_period(basis), _("No event has arrived yet."))
    return joined(
        _period(basis),
        _(
            "Last event %(time)s in %(city)s.",
            time=_last(basis),
            city=zone_city(basis.time_zone),
        ),
        ngettext(
            "Since the first event: %(days)s of %(all)s day.",
            "Since the first event: %(days)s of %(all)s days.",
            basis.days,
            days=num(basis.coverage_days),
            all=num(basis.days),
        ),
        told_words(basis.told_days),
    )


def told_words(days: int) -> str:
    """What daily sums cannot say; empty where none were told."""
    if not days:
        return ""
    return ngettext(
        "The use of %(count)s day came as sums of the day, without times: time online and times of "
        "day leave it out.",
        "The use of %(count)s days came as sums of the day, without times: time online and times "
        "of day leave them out.",
        days,
        count=num(days),
    )


def days_without_times(days: int) -> str:
    return ngettext(
        "%(count)s day whose times are not known",
        "%(count)s days whose times are not known",
        days,
        count=num(days),
    )


def _period(basis: Basis) -> str:
    return _("%(first)s to %(last)s.", first=day_year(basis.first), last=day_year(basis.last))


def _last(basis: Basis) -> str:
    if basis.last_event_at is None:
        return "–"
    local = basis.last_event_at.astimezone(ZoneInfo(basis.time_zone)).date()
    said = clock if local == basis.last else moment
    return said(basis.last_event_at, basis.time_zone)


def basis_of_figures(now: Adoption) -> Basis:
    return Basis(
        account=now.account,
        time_zone=now.time_zone,
        first=now.first,
        last=now.as_of,
        coverage_days=now.coverage_days,
        last_event_at=now.last_event_at,
        folded_to=now.folded_to,
        version=now.version,
        told_days=now.told_days,
    )
