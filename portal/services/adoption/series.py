"""Figures day by day and week by week."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS
from portal.services.adoption.sheet import MONTH_BEFORE, Sheet, sheet_of
from portal.services.adoption.window import Window, find_run, find_window
from portal.usage.bitmaps import union_of
from portal.usage.queries import DayRow

MOST_WEEKS = 110


@dataclass(frozen=True, slots=True)
class DayFigures:
    """`wau` and `mau` count the 7 and 30 days that end on `day`. Of a day told as sums the time
    online is None, and the calls are if no event tells of one.
    """

    day: date
    dau: int
    wau: int
    mau: int
    events: int
    integration_calls: int | None
    time_online_seconds: int | None


@dataclass(frozen=True, slots=True)
class IntegrationDay:
    day: date
    calls: int
    integrations: int


@dataclass(frozen=True, slots=True)
class Integrations:
    """`names`: integration → calls in the window, the busiest first."""

    days: list[IntegrationDay]
    calls: int
    names: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days. `provisioned` holds on the last of them."""

    first: date
    last: date
    active: int
    provisioned: int


def account_series(session: Session, account_key: str, first: date, last: date) -> list[DayFigures]:
    """One entry a day from `first` to `last`, both included, at most 800 days."""
    window = find_run(session, account_key, first, last)
    return series_of(sheet_of(session, window), window)


def days_with_month_before(sheet: Sheet, window: Window) -> list[DayRow]:
    """The window's days after the 29 that the first day's MAU reaches back to."""
    return sheet.days(window.first - MONTH_BEFORE, window.last)


def series_of(sheet: Sheet, window: Window) -> list[DayFigures]:
    """The sheet reaches back to the month before the window."""
    days, told = sheet.days(window.first, window.last), window.account.told
    wau, mau = (
        sheet.distinct(window.first, window.last, width) for width in (DAYS_A_WEEK, MONTH_DAYS)
    )
    return [
        DayFigures(
            day=day.day,
            dau=len(day.users),
            wau=week,
            mau=month,
            events=day.events,
            integration_calls=known_calls(day.calls, told=day.day in told),
            time_online_seconds=None if day.day in told else 60 * day.online_minutes,
        )
        for day, week, month in zip(days, wau, mau, strict=True)
    ]


def known_calls(calls: int, *, told: bool) -> int | None:
    """Daily sums name no channel: no call among them is no proof that there was none."""
    return None if told and not calls else calls


def integration_series(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> Integrations:
    window = find_window(session, account_key, as_of, window_days)
    return integrations_of(sheet_of(session, window), window)


def integrations_of(sheet: Sheet, window: Window) -> Integrations:
    days = sheet.days(window.first, window.last)
    names: Counter[str] = Counter()
    for day in days:
        names.update(day.integrations)
    return Integrations(
        [IntegrationDay(day.day, day.calls, len(day.integrations)) for day in days],
        sum(day.calls for day in days),
        sorted(names.items(), key=lambda one: (-one[1], one[0])),
    )


def weekly_active(
    session: Session, account_key: str, last: date | None = None, weeks: int = 12
) -> list[Week]:
    """Weeks of seven days, the last of which ends on `last` (default: the last full day)."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid(f"Choose 1 to {MOST_WEEKS} weeks.")
    window = find_window(session, account_key, last, weeks * DAYS_A_WEEK)
    return weeks_of(sheet_of(session, window), window)


def weeks_of(sheet: Sheet, window: Window) -> list[Week]:
    """The window is whole weeks."""
    days = sheet.days(window.first, window.last)
    runs = [days[start : start + DAYS_A_WEEK] for start in range(0, len(days), DAYS_A_WEEK)]
    return [
        Week(
            first=run[0].day,
            last=run[-1].day,
            active=len(union_of([day.users for day in run])),
            provisioned=sheet.roster.count(run[-1].day),
        )
        for run in runs
    ]
