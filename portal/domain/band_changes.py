"""Changes of the health band that last: a score at a threshold goes to and fro, which tells nobody
anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

SHORT_DAYS = 7
"""A band that is left again within so many days, for the one before it, was no change."""


@dataclass(frozen=True, slots=True)
class BandDay:
    day: date
    band: str
    score: int | None


@dataclass(frozen=True, slots=True)
class BandChange:
    """`day` and `score` are of the first day in the new band."""

    day: date
    before: str
    after: str
    score: int | None


def lasting_changes(days: Iterable[BandDay]) -> list[BandChange]:
    """Of days that rise, the changes of band in their order. The newest one is told at once; it is
    taken back if the score is where it was within SHORT_DAYS.
    """
    runs: list[BandDay] = []
    for day in days:
        if runs and runs[-1].band == day.band:
            continue
        back = _back(runs, day)
        if back is None:
            runs.append(day)
        else:
            del runs[back + 1 :]
    return [
        BandChange(after.day, before.band, after.band, after.score)
        for before, after in pairwise(runs)
    ]


def _back(runs: Sequence[BandDay], day: BandDay) -> int | None:
    """The run that the day goes back to: its band was left so short a time ago."""
    for index in reversed(range(len(runs) - 1)):
        if (day.day - runs[index + 1].day).days > SHORT_DAYS:
            return None
        if runs[index].band == day.band:
            return index
    return None
