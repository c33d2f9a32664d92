"""What the minutes of a day say, once the minutes themselves are no longer needed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from portal.usage.bitmaps import SLOTS_A_PERSON, array_of, person_minutes
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


def marks_of(zone: str, ordinal: int, today: Any, tomorrow: Any) -> Marks:
    """`today`, `tomorrow`: person × minute bitmaps of the day and the next."""
    slots = array_of(today)
    hours = wall_hours(zone, ordinal)[slots % SLOTS_A_PERSON]
    active = np.unique(slots // SLOTS_A_PERSON * HOURS + hours)
    who, minutes = person_minutes(today, tomorrow, day_minutes(zone, ordinal))
    persons, starts = np.unique(who, return_index=True)
    sums = np.add.reduceat(minutes, starts) if starts.size else minutes
    return Marks(np.bincount(active % HOURS, minlength=HOURS), persons, sums)
