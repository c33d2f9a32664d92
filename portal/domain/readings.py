"""What reading a text means, and what its readers may say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

NEW_VISIT = timedelta(minutes=30)
"""A text opened again sooner is the same visit."""
# Why a text did not help, in the order in which a reader is asked.
INCOMPLETE, UNCLEAR, WRONG, OUTDATED, OTHER = "incomplete", "unclear", "wrong", "outdated", "other"
REASONS = (INCOMPLETE, UNCLEAR, WRONG, OUTDATED, OTHER)
LONGEST_WORDS = 1_000
FEWEST_VERDICTS = 3
"""Below so many answers a share says nothing."""


def share_helped(helped: int, answers: int) -> float | None:
    """0 to 1; None where too few have answered."""
    return helped / answers if answers >= FEWEST_VERDICTS else None


@dataclass(frozen=True, slots=True)
class UseAround:
    """Uses of a feature by one account in the four weeks before somebody there first read a text
    on it, and in the four weeks after.
    """

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Association:
    """What became of use after reading; not what reading did to it. `change` is the median of
    after minus before, in uses of four weeks.
    """

    accounts: int
    grew: int
    fell: int
    change: float


def association(uses: Sequence[UseAround]) -> Association | None:
    """None where no account has four weeks on both sides."""
    if not uses:
        return None
    changes = [one.after - one.before for one in uses]
    return Association(
        accounts=len(changes),
        grew=sum(change > 0 for change in changes),
        fell=sum(change < 0 for change in changes),
        change=float(median(changes)),
    )
