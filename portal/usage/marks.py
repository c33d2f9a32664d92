"""What the minutes of a day say, once the minutes themselves are no longer needed."""

from dataclasses import dataclass

import numpy as np

from portal.usage.bitmaps import SLOTS_A_PERSON, person_minutes
from portal.usage.days import Numbers, day_minutes, wall_hours

HOURS = 24


@dataclass(frozen=True, slots=True)
class Marks:
    """`hours`: how many persons were active in each hour that clocks on the wall show. `persons`
    (ascending) were online for `minutes`.
    """

    hours: Numbers
    persons: Numbers
    minutes: Numbers


def marks_of(zone: str, ordinal: int, today: Numbers, tomorrow: Numbers) -> Marks:
    """`today`, `tomorrow`: the person × minute marks of the day and the next, ascending."""
    hours = wall_hours(zone, ordinal)[today % SLOTS_A_PERSON]
    active = _distinct(today // SLOTS_A_PERSON * HOURS + hours)
    who, minutes = person_minutes(today, tomorrow, day_minutes(zone, ordinal))
    sums = np.bincount(who, minutes)
    persons = np.flatnonzero(sums)
    return Marks(
        np.bincount(active % HOURS, minlength=HOURS), persons, sums[persons].astype(np.int64)
    )


def _distinct(values: Numbers) -> Numbers:
    """In their order where they ascend: they do unless a clock was set back by more than it had
    gone on since the hour.
    """
    steps = np.diff(values, prepend=-1)
    if (steps < 0).any():
        return np.unique(values)
    distinct: Numbers = values[steps > 0]
    return distinct
