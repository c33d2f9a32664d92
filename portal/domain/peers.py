"""What is said of other accounts: a rounded median of at least five others, and about how many."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from portal.domain.account_metrics import Unit

LEAST_OTHERS = 5
BANDS = (5, 10, 20, 50, 100, 200, 500, 1000)
_MINUTE = 60
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Peers:
    """`others`: at least so many, one of BANDS, so that no single account coming or going shows."""

    median: float
    others: int


@dataclass(frozen=True, slots=True)
class PeerRow:
    """What an account may know: the rounded median of at least `others` others of its segment."""

    metric: str
    day: date
    median: float
    others: int


def medians_of_others(values: Mapping[Key, float], unit: Unit) -> dict[Key, Peers]:
    """For each account the median of all others; nothing where fewer than five stand behind it.

    Rounded to whole per cent or minutes: a middle value is some account's own.
    """
    others = len(values) - 1
    if others < LEAST_OTHERS:
        return {}
    ordered = sorted(values.values())
    band = BANDS[bisect_right(BANDS, others) - 1]
    return {
        key: Peers(_rounded(_median_without(ordered, value), unit), band)
        for key, value in values.items()
    }


def _median_without(ordered: list[float], value: float) -> float:
    """The median of the rising values when one that equals `value` is left out."""
    place, count = bisect_left(ordered, value), len(ordered) - 1

    def at(rank: int) -> float:
        return ordered[rank if rank < place else rank + 1]

    return (at((count - 1) // 2) + at(count // 2)) / 2


def _rounded(value: float, unit: Unit) -> float:
    if unit is Unit.SHARE:
        return round(value, 2)
    if unit is Unit.SECONDS:
        return float(round(value / _MINUTE) * _MINUTE)
    return float(round(value))
