"""Local days of a zone as arithmetic on whole arrays.

A day is known by its proleptic ordinal (date.toordinal). It begins at its first instant in the
zone, so days of 23, 24.5 or 25 hours are right.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from portal.usage.moments import MINUTE, SECOND, moment_of

Numbers = npt.NDArray[np.int64]
WHOLE_DAY = 1440
_PLAIN_HOURS: Numbers = np.repeat(np.arange(25) % 24, 60)
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """UTC for a name that nobody knows: imports refuse such, this is for what came otherwise."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def day_start(zone: str, ordinal: int) -> int:
    """The first instant of the day, in microseconds since 1970."""
    day = date.fromordinal(ordinal)
    return int(datetime(day.year, day.month, day.day, tzinfo=zone_of(zone)).timestamp()) * SECOND


@lru_cache(maxsize=65_536)
def day_minutes(zone: str, ordinal: int) -> int:
    """How many minutes the day has."""
    return (day_start(zone, ordinal + 1) - day_start(zone, ordinal)) // MINUTE


def local_day(zone: str, stamp: int) -> int:
    return moment_of(stamp).astimezone(zone_of(zone)).toordinal()


@lru_cache(maxsize=4096)
def _starts(zone: str, year: int) -> Numbers:
    first, last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return np.array([day_start(zone, day) for day in range(first, last)], np.int64)


def split(zone: str, stamps: Numbers) -> tuple[Numbers, Numbers]:
    """For each moment its local day and the minutes gone since that day began."""
    first = datetime.fromtimestamp(stamps.min() / SECOND - 86_400, UTC).year
    last = datetime.fromtimestamp(stamps.max() / SECOND + 86_400, UTC).year
    starts = np.concatenate([_starts(zone, year) for year in range(first, last + 1)])
    index = np.searchsorted(starts, stamps, side="right") - 1
    minutes = stamps // MINUTE - starts[index] // MINUTE
    return index + date(first, 1, 1).toordinal(), minutes


def wall_hours(zone: str, ordinal: int) -> Numbers:
    """For each minute since the day began the hour that clocks on the wall show."""
    start, length = day_start(zone, ordinal), max(day_minutes(zone, ordinal), 1)
    if length == WHOLE_DAY:
        return _PLAIN_HOURS
    place = zone_of(zone)
    quarters = [
        moment_of(start + quarter * 15 * MINUTE).astimezone(place).hour
        for quarter in range(length // 15 + 1)
    ]
    return np.repeat(np.array(quarters, np.int64), 15)
