"""What the rollups know of single persons, as columns by person number."""

from dataclasses import dataclass

import numpy as np

from portal.services.adoption.sheet import Sheet
from portal.services.adoption.window import Window
from portal.usage.bitmaps import array_of
from portal.usage.days import Numbers

NEVER_SEEN = -1
NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """One entry a person number, and a last one, always 0, for NEVER_SEEN."""

    active_days: Numbers
    online_minutes: Numbers
    features: Numbers


def count_persons(sheet: Sheet, window: Window) -> PersonCounts:
    return PersonCounts(
        days_active(sheet, window),
        minutes_online(sheet, window),
        _features(sheet, window),
    )


def days_active(sheet: Sheet, window: Window) -> Numbers:
    """By person number; a last entry, always 0, for NEVER_SEEN."""
    days = [array_of(day.users) for day in sheet.days(window.first, window.last)]
    return _sums(window, days)


def minutes_online(sheet: Sheet, window: Window) -> Numbers:
    """Of the window's days that were not told as sums, by person number; a last entry, always 0,
    for NEVER_SEEN.
    """
    told = window.account.told
    marks = [one for day, one in sheet.marks(window.first, window.last) if day not in told]
    if not marks:
        return np.zeros(window.account.persons + 1, np.int64)
    return _sums(window, [one.persons for one in marks], [one.minutes for one in marks])


def has_minutes(sheet: Sheet, window: Window) -> bool:
    """Whether any use is of a day that was not told as a sum, or there are no such days at all."""
    if not window.told_days:
        return True
    told = window.account.told
    return any(day.events for day in sheet.days(window.first, window.last) if day.day not in told)


def _sums(window: Window, persons: list[Numbers], amounts: list[Numbers] | None = None) -> Numbers:
    size = window.account.persons + 1
    weights = None if amounts is None else np.concatenate(amounts)
    counts = np.bincount(np.concatenate(persons), weights, minlength=size)
    return counts.astype(np.int64)


def _features(sheet: Sheet, window: Window) -> Numbers:
    features = sheet.features(window.first, window.last)
    return _sums(window, [array_of(one.users) for one in features] or [NOBODY])
