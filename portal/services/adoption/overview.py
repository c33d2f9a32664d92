"""The figures of an account's adoption page, from a handful of reads."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.domain.metrics import DAYS_A_WEEK
from portal.services.adoption.active import active_of
from portal.services.adoption.figures import Adoption, adoption_of
from portal.services.adoption.hours import Heat, heat_of
from portal.services.adoption.people import GroupRow, teams_of
from portal.services.adoption.series import Integrations, Week, integrations_of, weeks_of
from portal.services.adoption.sheet import MONTH_BEFORE, Sheet
from portal.services.adoption.standing import Standing
from portal.services.adoption.window import Window, checked_run

LEAST_WEEKS, MOST_WEEKS = 12, 26
LEAST_HEAT_DAYS = 28


@dataclass(frozen=True, slots=True)
class Overview:
    """`before`: the window as long that ends on the day before this one. `active`: distinct
    persons of the window (active.py). `weeks`: enough to see a course. `heat`: of at least four
    weeks.
    """

    now: Adoption
    before: Adoption
    active: int
    weeks: list[Week]
    calls: Integrations
    heat: Heat
    teams: list[GroupRow]


def show_overview(session: Session, standing: Standing, first: date, last: date) -> Overview:
    """From `first` to `last`, both included. Raises Invalid."""
    checked_run(first, last)
    window = Window(standing.account, first, last)
    before = _ending(window, first - timedelta(days=1), window.days)
    weeks = _ending(window, last, _week_count(window) * DAYS_A_WEEK)
    heat = _ending(window, last, max(window.days, LEAST_HEAT_DAYS))
    sheet = Sheet(
        session,
        window,
        first=min(before.first - MONTH_BEFORE, weeks.first),
        names_from=before.first,
        slots_from=heat.first,
    )
    return Overview(
        now=adoption_of(sheet, window),
        before=adoption_of(sheet, before),
        active=active_of(sheet, window),
        weeks=weeks_of(sheet, weeks),
        calls=integrations_of(sheet, window),
        heat=heat_of(sheet, heat),
        teams=teams_of(sheet, window),
    )


def _ending(window: Window, last: date, days: int) -> Window:
    return Window(window.account, last - timedelta(days=days - 1), last)


def _week_count(window: Window) -> int:
    """At least twelve, half a year at the most."""
    if not window.has_data:
        return 1
    return min(max(LEAST_WEEKS, -(-window.days // DAYS_A_WEEK)), MOST_WEEKS)
