"""Whole weeks of an account: who was active in each, and who began in it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from portal.domain.cohorts import last_whole_week
from portal.domain.errors import Invalid
from portal.domain.metrics import DAYS_A_WEEK
from portal.services.adoption.window import Window, find_window
from portal.usage.bitmaps import bitmap_of, union_of
from portal.usage.days import Numbers, split
from portal.usage.moments import microseconds
from portal.usage.queries import SeenPerson, read_days, read_seen

USUAL_WEEKS, MOST_WEEKS = 26, 104
ONE_WEEK = timedelta(days=DAYS_A_WEEK)
_MONDAY = date(1, 1, 1).toordinal()
"""The ordinal of a Monday: the first of the calendar."""


@dataclass(frozen=True, slots=True)
class PersonWeeks:
    """Weeks from Monday to Sunday of the account's zone, oldest first; the last is over.

    `active` and `began` hold person numbers: active in that week, and of these the ones whose
    first active week it is. `before` were active in the week before the first. `first_weeks`:
    the Mondays (ordinals) of the first active weeks of everybody ever seen, `numbers` whose.
    """

    window: Window
    mondays: list[date]
    active: list[Any]
    began: list[Any]
    before: Any
    first_weeks: Numbers
    numbers: Numbers
    seen: dict[str, SeenPerson]


def read_weeks(
    session: Session, account_key: str, as_of: date | None = None, weeks: int = USUAL_WEEKS
) -> PersonWeeks:
    """The last `weeks` whole weeks up to `as_of`, from one read of the days and one of the
    persons. Raises NotFound and Invalid.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        said = f"Choose 1 to {MOST_WEEKS} weeks."
        raise Invalid(said, fields={"weeks": said})
    asked = find_window(session, account_key, as_of, 1)
    last_monday = last_whole_week(asked.last)
    mondays = [last_monday - ONE_WEEK * back for back in reversed(range(weeks))]
    sunday = last_monday + ONE_WEEK - timedelta(days=1)
    window = Window(asked.account, mondays[0], sunday)
    days = read_days(session, window.account.id, mondays[0] - ONE_WEEK, sunday)
    active = [
        union_of([day.users for day in days[start : start + DAYS_A_WEEK]])
        for start in range(0, len(days), DAYS_A_WEEK)
    ]
    seen = read_seen(session, window.account.id)
    first_weeks, numbers = _first_weeks(window.account.time_zone, seen)
    began = [bitmap_of(numbers[first_weeks == monday.toordinal()]) for monday in mondays]
    return PersonWeeks(window, mondays, active[1:], began, active[0], first_weeks, numbers, seen)


def _first_weeks(zone: str, seen: dict[str, SeenPerson]) -> tuple[Numbers, Numbers]:
    """For each person the Monday of the first active week, as an ordinal, and the number."""
    persons = list(seen.values())
    if not persons:
        return np.array([], np.int64), np.array([], np.int64)
    days, _minutes = split(zone, np.array([microseconds(one.first_at) for one in persons]))
    mondays = days - (days - _MONDAY) % DAYS_A_WEEK
    return mondays, np.array([one.number for one in persons], np.int64)
