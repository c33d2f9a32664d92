"""What a snapshot shows, still without words: which way things went and by how much."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reports.figures import FigureKey
from reports.model import Feature, Figure, Snapshot, Week

Way = Literal["rose", "fell", "held"]

MOST_TIMES = 10
_HELD = 0.05
"""A change smaller than a twentieth is no change worth a verb."""


@dataclass(frozen=True)
class Movement:
    """Weekly active persons of the first and the last week that is over and known, and the
    Mondays that these begin on.
    """

    first: int
    last: int
    begin: date
    end: date
    way: Way
    weeks: int


def movement(weeks: tuple[Week, ...]) -> Movement | None:
    """None with fewer than two known weeks."""
    known = [(one.active, one.monday) for one in weeks if one.complete and one.active is not None]
    if len(known) < 2:  # noqa: PLR2004 - a movement has two ends
        return None
    (first, begin), (last, end) = known[0], known[-1]
    if abs(last - first) < max(1.0, _HELD * first):
        way: Way = "held"
    else:
        way = "rose" if last > first else "fell"
    return Movement(first, last, begin, end, way, len(known))


def counted_people(snapshot: Snapshot) -> Figure | None:
    """How many of those set up were active: in the whole period, else as the login ratio has it."""
    for key in (FigureKey.ACTIVE_PERSONS, FigureKey.LOGIN_RATIO):
        figure = snapshot.figure(key)
        if figure and figure.part is not None and figure.whole:
            return figure
    return None


def days_within(figure: Figure, snapshot: Snapshot) -> int | None:
    """The days of a figure's window; None where that is the whole period, or has no beginning."""
    window = figure.window
    if window is None or window == snapshot.period:
        return None
    return (window.last - window.first).days + 1


def used(features: tuple[Feature, ...]) -> list[Feature]:
    return [one for one in features if one.uses > 0]


def by_depth(features: tuple[Feature, ...]) -> list[Feature]:
    """Deepest first, unused last; equal ones by their key, so that the order is always the same."""
    return sorted(features, key=lambda one: (one.uses == 0, -(one.depth or 0.0), one.key))


def relative_change(figure: Figure) -> float | None:
    """0.18 for 18 % more than before; None where either value is missing or it began at zero, and
    where it is more than ten times as much: that tells of a beginning, not of growth.
    """
    if figure.value is None or not figure.previous or figure.value > MOST_TIMES * figure.previous:
        return None
    return figure.value / figure.previous - 1


def point_change(figure: Figure) -> int | None:
    """Whole percentage points between two ratios as they are printed; None where one is missing."""
    if figure.value is None or figure.previous is None:
        return None
    return round(figure.value * 100) - round(figure.previous * 100)


def integration_calls(snapshot: Snapshot) -> Figure | None:
    """The period's calls, where there is a value worth a chapter."""
    figure = snapshot.figure(FigureKey.INTEGRATION_CALLS)
    return figure if figure and figure.value is not None else None
