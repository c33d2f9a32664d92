"""The figures of an account's adoption page, from a handful of reads."""

from dataclasses import dataclass, replace
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
from portal.usage.daybook import shelf_of
from portal.usage.queries import AccountRow

LEAST_WEEKS, MOST_WEEKS = 12, 26
LEAST_HEAT_DAYS = 28
# What an overview takes in memory, about.
BASE_BYTES, A_DAY = 30_000, 1_000


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
    """From `first` to `last`, both included. Raises Invalid. Of days that are over it is worked
    out once a process.
    """
    checked_run(first, last)
    window = Window(standing.account, first, last)
    shelf = shelf_of(session) if last <= standing.newest else None
    if shelf is None:
        return _worked_out(session, window)
    key = ("overview", standing.ended, first, last)
    size = BASE_BYTES + A_DAY * window.days
    found = shelf.once(key, lambda: _worked_out(session, window), size)
    return replace(
        found,
        now=_as_of(found.now, standing.account),
        before=_as_of(found.before, standing.account),
    )


def _as_of(figures: Adoption, account: AccountRow) -> Adoption:
    """With what today's events change."""
    return replace(
        figures,
        last_event_at=account.last_at,
        folded_to=account.folded_to,
        version=account.version,
    )


def _worked_out(session: Session, window: Window) -> Overview:
    before = _ending(window, window.first - timedelta(days=1), window.days)
    weeks = _ending(window, window.last, _week_count(window) * DAYS_A_WEEK)
    heat = _ending(window, window.last, max(window.days, LEAST_HEAT_DAYS))
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
