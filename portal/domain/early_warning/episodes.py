"""Episodes of one rule in one account: from the day it fires to the day all is well.

Between them it does not fire again, also where somebody has closed the alert by hand: then the
episode is over as soon as the rule would not fire any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portal.domain.early_warning.course import Course, Flags, held
from portal.domain.early_warning.parameters import Parameters
from portal.domain.early_warning.rules import Rule, Signals, signals_of


@dataclass(frozen=True, slots=True)
class Carried:
    """An episode that goes on. `opened` is its first day as an index of the course, negative
    where that lies before it.
    """

    opened: int
    reference: float
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens on the day of the index: an episode opens, or it ends."""

    index: int
    opens: bool
    reference: float = 0.0


def walk(
    rule: Rule,
    parameters: Parameters,
    course: Course,
    start: int,
    carried: Carried | None = None,
) -> Iterator[Step]:
    """What happens from the day of index `start` to the last, in its order."""
    signals = signals_of(rule, parameters, course)
    index = start
    while index < len(course):
        if carried is None:
            opened = _next(signals.fires, index)
            if opened is None:
                return
            carried = Carried(opened, float(signals.reference[opened]))
            yield Step(opened, opens=True, reference=carried.reference)
            index = opened + 1
        else:
            over = _next(_over(signals, carried, parameters.calm), index)
            if over is None:
                return
            yield Step(over, opens=False)
            carried = None
            index = over + 1


def _next(flags: Flags, start: int) -> int | None:
    found = np.flatnonzero(flags[start:])
    return start + int(found[0]) if found.size else None


def _over(signals: Signals, carried: Carried, calm: int) -> Flags:
    """The days on which the episode is over: all was well for `calm` days since its first."""
    good = ~signals.fires
    if not carried.by_hand:
        good &= signals.well(carried.reference)
    good[: max(carried.opened + 1, 0)] = False
    return held(good, calm)
