"""Time online of the days that a step touched, all of them at once."""

import numpy as np

from portal.usage.bitmaps import LONGEST_GAP, SLOTS_A_PERSON
from portal.usage.days import Numbers, day_minutes
from portal.usage.plan import Plan
from portal.usage.rollups import Day, Rollups

# Room for the minutes of the longest day and the first of the next.
MINUTES = 2048


def add_time_online(rollups: Rollups, plan: Plan) -> None:
    zones = dict(zip(plan.accounts, plan.zones, strict=True))
    touched = {(account, day - back) for account, day in plan.own_days() for back in (0, 1)}
    days: list[Day] = []
    nexts: list[Day | None] = []
    lengths: list[int] = []
    for account, ordinal in sorted(touched):
        day = rollups.days.get((account, ordinal))
        if day is not None and day.slots:
            days.append(day)
            nexts.append(rollups.days.get((account, ordinal + 1)))
            lengths.append(day_minutes(zones[account], ordinal))
    for day, online in zip(days, _online(days, nexts, lengths), strict=True):
        if online != day.online_minutes:
            day.online_minutes, day.changed = online, True


def _online(days: list[Day], nexts: list[Day | None], lengths: list[int]) -> list[int]:
    """As bitmaps.online_minutes of each. A mark is day, person, minute, and whether it belongs
    to the next day; sorted, each follows its neighbour in time.
    """
    if not days:
        return []
    now, now_day = _joined(days)
    later, later_day = _joined(nexts)
    early = later % SLOTS_A_PERSON < LONGEST_GAP
    later, later_day = later[early], later_day[early]
    shift = np.array(lengths, np.int64)[later_day]
    marks = np.concatenate([_marks(now, now_day, 0) << 1, _marks(later, later_day, shift) << 1 | 1])
    marks.sort()
    own = (marks & 1 == 0)[:-1]
    gaps = np.diff(marks >> 1)
    # The mark of another person or day is further away than any gap that counts.
    counts = own & (gaps <= LONGEST_GAP)
    day = marks[:-1][counts] >> 45
    sums = np.bincount(day, weights=gaps[counts], minlength=len(days))
    return sums.astype(np.int64).tolist()  # type: ignore[no-any-return] # numpy says Any


def _joined(days: list[Day] | list[Day | None]) -> tuple[Numbers, Numbers]:
    arrays = [
        np.frombuffer(day.slots.to_array(), np.uint32)
        if day is not None and day.slots
        else np.zeros(0, np.uint32)
        for day in days
    ]
    sizes = [one.size for one in arrays]
    return np.concatenate(arrays).astype(np.int64), np.repeat(np.arange(len(days)), sizes)


def _marks(slots: Numbers, days: Numbers, shift: Numbers | int) -> Numbers:
    minutes = slots % SLOTS_A_PERSON + shift
    return days << 44 | (slots // SLOTS_A_PERSON) * MINUTES + minutes
