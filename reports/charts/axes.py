"""Round numbers for an axis, days that fit under it, and how wide words are."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from math import ceil, floor, log10
from unicodedata import east_asian_width

FONT_SIZE = 12.5
MOST_TICKS, MOST_LABELS = 5, 8
GAP = 22.0
"""Least room between two labels on the time axis."""

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAY_STEPS = {1: (1, 2, 7, 14, 28, 56, 91, 182, 364), 7: (1, 2, 4, 8, 13, 26, 52)}
_OTHER_STEPS = (1, 2, 3, 6, 12, 24, 60)


def nice_ticks(highest: float, *, whole: bool = False) -> tuple[float, ...]:
    """Three to five round values from 0 to the first that reaches `highest`.

    `whole` keeps to whole numbers, for things that are counted.
    """
    if highest <= 0:
        return (0.0, 1.0, 2.0) if whole else (0.0, 0.5, 1.0)
    power = floor(log10(highest)) - 1
    for exponent in range(power, power + 4):
        for mantissa in _STEPS[:-1]:
            step = mantissa * 10.0**exponent
            if whole and step != int(step):
                continue
            if (count := _intervals(highest, step)) < MOST_TICKS:
                return tuple(_tidy(i * step, exponent) for i in range(max(count, 2) + 1))
    raise ValueError(f"No axis reaches {highest}.")


def _intervals(highest: float, step: float) -> int:
    # A hair below a round value is that round value: 0.3 / 0.1 is 2.9999999999999996.
    return ceil(highest / step - 1e-9)


def _tidy(value: float, exponent: int) -> float:
    return round(value, max(0, 1 - exponent))


@lru_cache(maxsize=4096)
def text_width(words: str, size: float = FONT_SIZE) -> float:
    """About how many user units the words take: CJK a full em, Latin a bit more than half."""
    ems = sum(1.0 if east_asian_width(sign) in "WF" else 0.58 for sign in words)
    return ems * size


def date_marks(
    days: Sequence[date], labels: Sequence[str], width: float, spare: float = GAP / 2
) -> tuple[int, ...]:
    """Which days get a label: evenly spaced, from the first on, none touching the next.

    A label may reach `spare` units beyond the width.
    """
    if not days:
        return ()
    widest = max(text_width(label) for label in labels)
    room = min(MOST_LABELS, max(1, int(width // (widest + GAP))))
    step = _label_step(days, room)
    marks = range(0, len(days), step)
    span = width / max(1, len(days) - 1)
    return tuple(i for i in marks if i == 0 or i * span + widest / 2 <= width + spare)


def _label_step(days: Sequence[date], room: int) -> int:
    apart = (days[1] - days[0]).days if len(days) > 1 else 1
    steps = _DAY_STEPS.get(apart, _OTHER_STEPS)
    for step in steps:
        if ceil(len(days) / step) <= room:
            return step
    return ceil(len(days) / room)


def spread(heights: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Moves label heights apart until none covers another, in the order of their lines.

    `lowest` and `highest` bound y, which grows downwards, so `lowest` is the smaller number.
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = list(heights)
    above = lowest - gap
    for i in order:
        placed[i] = max(placed[i], above + gap)
        above = placed[i]
    below = highest + gap
    for i in reversed(order):
        placed[i] = min(placed[i], below - gap)
        below = placed[i]
    return placed
