"""How a figure stands against its target: on the straight way from where it stood, or behind."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """`MISSED`: the day is over and the target was not reached."""

    REACHED = "reached"
    ON_THE_WAY = "on-the-way"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Course:
    """From `start` on the day `set_on` to `goal` on the day `due`: more is better in every figure
    that has a target. `start` is None where there was too little data then.
    """

    set_on: date
    start: float | None
    due: date
    goal: float

    def expected(self, day: date) -> float | None:
        """Where the straight line is on the day; `start` before it begins, `goal` after it ends."""
        if self.start is None:
            return None
        whole = (self.due - self.set_on).days
        gone = min(max((day - self.set_on).days, 0), whole)
        return self.start + (self.goal - self.start) * (gone / whole if whole > 0 else 1.0)

    def gap(self, day: date, value: float) -> float | None:
        """How far the value is behind the line, above 0 where it is behind."""
        line = self.expected(day)
        return None if line is None else line - value

    def standing(self, day: date, value: float | None) -> Standing:
        if value is None:
            return Standing.UNKNOWN
        if value >= self.goal:
            return Standing.REACHED
        if day >= self.due:
            return Standing.MISSED
        gap = self.gap(day, value)
        if gap is None:
            return Standing.UNKNOWN
        return Standing.ON_THE_WAY if gap <= 0 else Standing.BEHIND

    def forecast(self, day: date, value: float) -> float | None:
        """Where it will be when it is due if it goes on as it went since the start; None in the
        first week, which says little.
        """
        gone = (day - self.set_on).days
        if self.start is None or gone < 7:  # noqa: PLR2004 # a week
            return None
        pace = (value - self.start) / gone
        return max(value + pace * (self.due - day).days, 0.0)
