"""Weeks that persons begin in, and which of them may be shown where nobody may be singled out."""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.domain.metrics import DAYS_A_WEEK

LEAST_GROUP = 5


def monday_of(day: date) -> date:
    """Weeks run from Monday to Sunday (ISO 8601): a weekend never splits a working week."""
    return day - timedelta(days=day.weekday())


def last_whole_week(day: date) -> date:
    """The Monday of the last week that is over on the evening of `day`."""
    return monday_of(day + timedelta(days=1)) - timedelta(days=DAYS_A_WEEK)


def protected_cohorts(sizes: Sequence[int], least: int = LEAST_GROUP) -> frozenset[int]:
    """Positions, in the order of time, of the cohorts that must not be shown alone.

    Each below `least`; and as many more that, from the first week with a protected one on, those
    protected are together nobody or at least `least`. So what is left of a week's total when the
    shown cohorts are taken away is never the doing of fewer.
    """
    hidden: set[int] = set()
    for place, size in enumerate(sizes):
        together = sum(sizes[one] for one in hidden)
        if size and (size < least or 0 < together < least):
            hidden.add(place)
            _join_earlier(sizes, hidden, place, least)
    return frozenset(hidden)


def _join_earlier(sizes: Sequence[int], hidden: set[int], until: int, least: int) -> None:
    """The smallest cohorts from before join until those protected are enough; where there are
    too few persons so far, the next ones join.
    """
    open_ones = sorted(
        (place for place in range(until) if sizes[place] and place not in hidden),
        key=lambda place: (sizes[place], place),
    )
    while sum(sizes[one] for one in hidden) < least and open_ones:
        hidden.add(open_ones.pop(0))
