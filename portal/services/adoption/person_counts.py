"""What the rollups know of single persons, as columns by person number."""

from dataclasses import dataclass

import numpy as np

from portal.services.adoption.sheet import Sheet
from portal.services.adoption.window import Window
from portal.usage.bitmaps import array_of, person_minutes
from portal.usage.days import Numbers, day_minutes
from portal.usage.queries import ONE_DAY

NEVER_SEEN = -1


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """One entry a person number, and a last one, always 0, for NEVER_SEEN."""

    active_days: Numbers
    online_minutes: Numbers
    features: Numbers


def count_persons(sheet: Sheet, window: Window) -> PersonCounts:
    size = window.account.persons + 1
    return PersonCounts(
        _active_days(sheet, window, size),
        minutes_online(sheet, window),
        _features(sheet, window, size),
    )


def _active_days(sheet: Sheet, window: Window, size: int) -> Numbers:
    counts = np.zeros(size, np.int64)
    for day in sheet.days(window.first, window.last):
        counts[array_of(day.users)] += 1
    return counts


def minutes_online(sheet: Sheet, window: Window) -> Numbers:
    """Of the window, by person number; a last entry, always 0, for NEVER_SEEN."""
    minutes = np.zeros(window.account.persons + 1, np.int64)
    slots = sheet.slots(window.first, window.last + ONE_DAY)
    for day, today in slots.items():
        if day <= window.last:
            length = day_minutes(window.account.time_zone, day.toordinal())
            tomorrow = slots.get(day + ONE_DAY, type(today)())
            np.add.at(minutes, *person_minutes(today, tomorrow, length))
    return minutes


def _features(sheet: Sheet, window: Window, size: int) -> Numbers:
    counts = np.zeros(size, np.int64)
    for feature in sheet.features(window.first, window.last):
        counts[array_of(feature.users)] += 1
    return counts
