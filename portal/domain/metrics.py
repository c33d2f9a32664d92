"""The formulas of DOMAIN.md §2. Ratios are between 0 and 1 (activation may exceed 1); None means
that there is not enough data, never a silent 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DAYS_A_WEEK = 7
MONTH_DAYS = 30
MOST_TIMES = 10


def share(part: int, whole: int) -> float | None:
    """None of nothing."""
    return part / whole if whole else None


def activation_rate(activated: int, seats: int | None, provisioned: int) -> float | None:
    """Against the seats bought, or the persons provisioned where no seat count is known."""
    return share(activated, provisioned if seats is None else seats)


def stickiness(daily: Sequence[int], mau: int) -> float | None:
    """Mean of the 30 days' DAU ÷ MAU."""
    return sum(daily) / MONTH_DAYS / mau if mau else None


def feature_depth(
    uses: int, persons: int, window_days: int, weekly_target: float | None
) -> float | None:
    """Uses per person and week ÷ target, at most 1; 0 where nobody used it, None without target."""
    if weekly_target is None:
        return None
    if not persons:
        return 0.0
    return min(1.0, uses / persons / (window_days / DAYS_A_WEEK) / weekly_target)


def account_depth(depths: Iterable[float | None]) -> float | None:
    """The mean over the entitled core features that have a target."""
    known = [depth for depth in depths if depth is not None]
    return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the same figure of the period before."""

    now: float | None
    before: float | None

    @property
    def difference(self) -> float | None:
        if self.now is None or self.before is None:
            return None
        return self.now - self.before

    @property
    def relative(self) -> float | None:
        """0.25 is a quarter more; None where there was nothing before, or so little that the
        figure is more than ten times it: that tells of a beginning, not of growth.
        """
        if self.now is None or not self.before or self.now > MOST_TIMES * self.before:
            return None
        return self.now / self.before - 1
