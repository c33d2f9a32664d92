"""The made-up history of one account as its rollups hold it: columns, counted."""

from dataclasses import dataclass

import numpy as np

from portal.usage.bitmaps import LONGEST_GAP, SLOTS_A_PERSON
from tests.benchmarks.usage.synthetic import DAYS, History, Numbers


@dataclass(frozen=True, slots=True)
class Parts:
    """One account's rollups as sorted columns: days, names of days, and minutes of persons."""

    days: Numbers
    events: Numbers
    calls: Numbers
    online: Numbers
    day_users: Numbers
    day_counts: Numbers
    name_keys: Numbers
    name_events: Numbers
    name_users: Numbers
    name_repeats: Numbers
    name_counts: Numbers
    slots: Numbers
    slot_counts: Numbers
    integrations: dict[int, dict[str, int]]


def parts_of(found: History) -> Parts:
    days, events = np.unique(found.days, return_counts=True)
    pairs = np.unique(found.days << 32 | found.who)
    named = (found.days << 6 | found.names) << 32 | found.who
    keys, times = np.unique(named, return_counts=True)
    name_keys, name_counts = np.unique(keys >> 32, return_counts=True)
    _, name_events = np.unique(found.days << 6 | found.names, return_counts=True)
    minutes = found.seconds // 60
    marks = np.unique(found.days << 40 | (found.who * SLOTS_A_PERSON + minutes))
    mark_days = marks >> 40
    slots = marks & ((1 << 40) - 1)
    return Parts(
        days=days,
        events=events,
        calls=np.bincount(found.days[found.integrations >= 0], minlength=DAYS)[days],
        online=_online(mark_days, slots)[days],
        day_users=pairs & 0xFFFFFFFF,
        day_counts=np.bincount(pairs >> 32, minlength=DAYS)[days],
        name_keys=name_keys,
        name_events=name_events,
        name_users=keys & 0xFFFFFFFF,
        name_repeats=times - 1,
        name_counts=name_counts,
        slots=slots,
        slot_counts=np.bincount(mark_days, minlength=DAYS)[days],
        integrations=_integrations(found),
    )


def _online(days: Numbers, slots: Numbers) -> Numbers:
    """Minutes online of each day (DOMAIN §2): neighbours at most 30 minutes apart, of the same
    person, on the day of the earlier one.
    """
    marks = np.sort((slots // SLOTS_A_PERSON) << 32 | (days * 1440 + slots % SLOTS_A_PERSON))
    gaps = np.diff(marks)
    near = gaps <= LONGEST_GAP
    on = (marks[:-1][near] & 0xFFFFFFFF) // 1440
    return np.bincount(on, weights=gaps[near], minlength=DAYS).astype(np.int64)


def _integrations(found: History) -> dict[int, dict[str, int]]:
    called = found.integrations >= 0
    keys, counts = np.unique(
        found.days[called] << 4 | found.integrations[called], return_counts=True
    )
    made: dict[int, dict[str, int]] = {}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        made.setdefault(key >> 4, {})[f"integration-{key & 15}"] = count
    return made
