"""Time online per day and per person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from portal.domain.cohorts import LEAST_GROUP
from portal.domain.distribution import Bucket, spread
from portal.services.adoption.basis import Basis, basis_of
from portal.services.adoption.person_counts import has_minutes
from portal.services.adoption.sheet import Sheet
from portal.services.adoption.window import Window, find_window
from portal.usage.bitmaps import array_of, union_of
from portal.usage.days import Numbers

MINUTE = 60
EDGES = tuple(MINUTE * minutes for minutes in (0, 15, 60, 180, 600, 1800))
"""Steps of a person's time online in the window, in seconds."""


@dataclass(frozen=True, slots=True)
class OnlineDay:
    """`seconds` of all `persons` active on the day; the median is over these, 0 for who had a
    single minute. None on a day without anybody, or, in groups, with fewer than five. Both are None
    on a day that was told as sums.
    """

    day: date
    persons: int
    seconds: int | None
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Online:
    """Of the window's days that were not told as sums: `persons` were active on them,
    `median_seconds` is theirs (None as for a day), and `buckets` their spread; in groups none holds
    fewer than five. Where all use was told as sums nothing but `persons` is known.
    """

    basis: Basis
    named: bool
    persons: int
    seconds: int | None
    median_seconds: float | None
    days: list[OnlineDay]
    buckets: list[Bucket]


def time_online(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> Online:
    """Raises NotFound, Invalid."""
    window = find_window(session, account_key, as_of, window_days)
    sheet = Sheet(session, window, first=window.first, slots_from=window.first)
    least = 1 if window.account.people_shown == "named" else LEAST_GROUP
    rows = sheet.days(window.first, window.last)
    minutes = np.zeros(window.account.persons + 1, np.int64)
    days, told = [], window.account.told
    for row, today in zip(rows, _minutes(sheet, window), strict=True):
        known = row.day not in told
        minutes += today if known else 0
        seconds = int(today.sum()) * MINUTE if known else None
        median = _median(today, row.users, least) if known else None
        days.append(OnlineDay(row.day, len(row.users), seconds, median))
    known = has_minutes(sheet, window)
    active = union_of([row.users for row in rows if not known or row.day not in told])
    return Online(
        basis=basis_of(window),
        named=least == 1,
        persons=len(active),
        seconds=int(minutes.sum()) * MINUTE if known else None,
        median_seconds=_median(minutes, active, least) if known else None,
        days=days,
        buckets=_spread(minutes, active, least) if known else [],
    )


def _spread(minutes: Numbers, active: Any, least: int) -> list[Bucket]:
    return spread([MINUTE * int(one) for one in minutes[array_of(active)]], EDGES, least)


def _minutes(sheet: Sheet, window: Window) -> Iterator[Numbers]:
    """For each day the minutes by person number."""
    for _day, marks in sheet.marks(window.first, window.last):
        minutes = np.zeros(window.account.persons + 1, np.int64)
        minutes[marks.persons] = marks.minutes
        yield minutes


def _median(minutes: Numbers, persons: Any, least: int) -> float | None:
    """In seconds."""
    if len(persons) < least or not persons:
        return None
    return float(np.median(minutes[array_of(persons)])) * MINUTE
