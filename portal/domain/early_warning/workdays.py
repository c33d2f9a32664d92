"""Which days are worked: by a country's holidays and weekend, else Monday to Friday.

A calendar is named by ISO 3166: `NO`, or with the part of the country whose holidays differ,
`DE-BY`. What lies beyond the years that the calendars know has weekends only.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays
import numpy as np
import numpy.typing as npt

WORKDAYS_A_WEEK = 5
LOOK_BACK = 13
PART = re.compile(r"[A-Z0-9]{1,3}")


@cache
def calendars() -> Mapping[str, tuple[str, ...]]:
    """Country → the parts of it that have a calendar of their own."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {
        country: tuple(sorted(part for part in known[country] if PART.fullmatch(part)))
        for country in sorted(known)
    }


def is_calendar(name: str) -> bool:
    country, _, part = name.partition("-")
    known = calendars().get(country)
    return known is not None and (part in known if part else name == country)


def add_workdays(day: date, count: int) -> date:
    """The day on which `count` whole workdays after `day` are over, Monday to Friday."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < WORKDAYS_A_WEEK
    return day


def workdays_so_far(first: date, length: int, calendar: str = "") -> npt.NDArray[np.int64]:
    """For each of `length` days from `first` on: the workdays up to it, itself included."""
    return np.cumsum(worked(first, length, calendar)).astype(np.int64)


def last_workday(day: date, calendar: str = "") -> date:
    """The day itself where it is one; it stays where no day of two weeks is worked."""
    first = day - timedelta(days=LOOK_BACK)
    found = np.flatnonzero(worked(first, LOOK_BACK + 1, calendar))
    return first + timedelta(days=int(found[-1])) if found.size else day


def worked(first: date, length: int, calendar: str = "") -> npt.NDArray[np.bool_]:
    """For each of the days whether it is a workday."""
    if not is_calendar(calendar):
        weekdays = (first.weekday() + np.arange(length)) % 7
        return np.asarray(weekdays < WORKDAYS_A_WEEK)
    last = first + timedelta(days=length)
    years = [_year(calendar, year) for year in range(first.year, last.year + 1)]
    start = (first - date(first.year, 1, 1)).days
    return np.concatenate(years)[start : start + length]


@lru_cache(maxsize=512)
def _year(calendar: str, year: int) -> npt.NDArray[np.bool_]:
    """Every day of the year. Where a weekend is made up for, or a day off moved, it says so too."""
    country, _, part = calendar.partition("-")
    known = holidays.country_holidays(country, subdiv=part or None, years=year)
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    return np.array([known.is_working_day(first + timedelta(days=day)) for day in range(days)])
