"""Which accounts should be looked at first, from what a portfolio knows of them.

A first sieve over weekly use and renewal dates, without memory: episodes, snoozing and tasks are
the early warning's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEEKS_BEFORE = 4
FALL = 0.15
FEWEST_PERSONS = 30
"""Below this many people a week, chance moves the share more than they do."""
FEWEST_SET_UP = 10
LOW_SHARE = 0.25
SILENT_DAYS = 7
RENEWAL_DAYS = 30


class Kind(StrEnum):
    """The gravest first; an account is listed under one."""

    SILENCE = "silence"
    DROP = "drop"
    LOW = "low"
    RENEWAL = "renewal"


GRAVITY = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Standing:
    """`weeks`: persons active in each of the last weeks, the latest last. `last_day`: the day of
    the last event, None for never. `until`: the contract's last day.
    """

    as_of: date
    weeks: Sequence[int]
    provisioned: int
    last_day: date | None
    until: date | None

    @property
    def days_left(self) -> int | None:
        return None if self.until is None else (self.until - self.as_of).days

    @property
    def mean_before(self) -> float:
        """Persons a week in the four weeks before the last."""
        run = self.weeks[-WEEKS_BEFORE - 1 : -1]
        return sum(run) / len(run) if run else 0.0

    @property
    def fall(self) -> float:
        """Share by which the last week lies below the mean before; 0 where it does not."""
        mean = self.mean_before
        return max(0.0, 1 - self.weeks[-1] / mean) if mean else 0.0


def look_at(standing: Standing) -> Kind | None:
    """Why the account should be looked at this week, if it should."""
    tests = {
        Kind.SILENCE: _is_silent,
        Kind.DROP: _fell,
        Kind.LOW: _is_low,
        Kind.RENEWAL: _renews_soon,
    }
    return next((kind for kind, test in tests.items() if test(standing)), None)


def _is_silent(one: Standing) -> bool:
    """No event for a week, of an account where people are set up."""
    if not one.provisioned:
        return False
    return one.last_day is None or (one.as_of - one.last_day).days >= SILENT_DAYS


def _fell(one: Standing) -> bool:
    return one.mean_before >= FEWEST_PERSONS and one.fall >= FALL


def _is_low(one: Standing) -> bool:
    return one.provisioned >= FEWEST_SET_UP and one.weeks[-1] < LOW_SHARE * one.provisioned


def _renews_soon(one: Standing) -> bool:
    """Also a contract that has run out, as long as nobody has entered what came of it."""
    return one.days_left is not None and one.days_left <= RENEWAL_DAYS
