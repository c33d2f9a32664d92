"""Each rule as two series of flags: it would open on this day; all is well on this day.

A rule is silent (neither) where there is not enough data. `reference` is the level that was lost
when the episode opened: a drop is over when enough of it has come back, not when the account has
got used to less.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from portal.domain.early_warning.course import (
    Course,
    Flags,
    Numbers,
    QuotaUse,
    earlier,
    held,
    share_of,
)
from portal.domain.early_warning.parameters import (
    CoreUnused,
    LowForLong,
    Onboarding,
    OverUse,
    Parameters,
    Silence,
    SlowDecline,
    SuddenDrop,
)
from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS

WEEKS_BEFORE = 4
LEAST_WORKDAYS = 4
"""A week with fewer, by the account's own calendar, is not set against those before it."""
ONBOARDING_DAYS = 120
"""After so many days since the go-live an account is not in its onboarding any more."""


class Rule(StrEnum):
    """The gravest first."""

    SILENCE = "silence"
    SUDDEN_DROP = "sudden_drop"
    ONBOARDING = "onboarding"
    SLOW_DECLINE = "slow_decline"
    LOW_FOR_LONG = "low_for_long"
    CORE_UNUSED = "core_unused"
    OVER_USE = "over_use"


class Gravity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Proposal(StrEnum):
    """What to do about it."""

    CALL = "call"
    TRAINING = "training"
    PRACTICE = "practice"


GRAVITY = {
    Rule.SILENCE: Gravity.HIGH,
    Rule.SUDDEN_DROP: Gravity.HIGH,
    Rule.ONBOARDING: Gravity.MEDIUM,
    Rule.SLOW_DECLINE: Gravity.MEDIUM,
    Rule.LOW_FOR_LONG: Gravity.MEDIUM,
    Rule.CORE_UNUSED: Gravity.LOW,
    Rule.OVER_USE: Gravity.LOW,
}
_WORKDAYS = {Gravity.HIGH: 1, Gravity.MEDIUM: 3, Gravity.LOW: 5}
PROPOSALS = {
    Rule.SILENCE: (Proposal.CALL,),
    Rule.SUDDEN_DROP: (Proposal.CALL, Proposal.PRACTICE),
    Rule.ONBOARDING: (Proposal.TRAINING, Proposal.CALL),
    Rule.SLOW_DECLINE: (Proposal.CALL, Proposal.TRAINING),
    Rule.LOW_FOR_LONG: (Proposal.TRAINING, Proposal.PRACTICE),
    Rule.CORE_UNUSED: (Proposal.PRACTICE, Proposal.TRAINING),
    Rule.OVER_USE: (Proposal.CALL,),
}
PARAMETERS: dict[Rule, type[Parameters]] = {
    Rule.SILENCE: Silence,
    Rule.SUDDEN_DROP: SuddenDrop,
    Rule.ONBOARDING: Onboarding,
    Rule.SLOW_DECLINE: SlowDecline,
    Rule.LOW_FOR_LONG: LowForLong,
    Rule.CORE_UNUSED: CoreUnused,
    Rule.OVER_USE: OverUse,
}
USUALLY_ON = frozenset(Rule) - {Rule.CORE_UNUSED}
"""A core feature that nobody uses is so common that it waits for the vendor's decision."""


def days_to_act(rule: Rule) -> int:
    """Workdays within which somebody should have looked."""
    return _WORKDAYS[GRAVITY[rule]]


@dataclass(frozen=True, slots=True)
class Signals:
    """`well` tells the days on which all is well again, given the reference of the opening."""

    fires: Flags
    reference: Numbers
    well: Callable[[float], Flags]


def signals_of(rule: Rule, parameters: Parameters, course: Course) -> Signals:
    return _SIGNALS[rule](parameters, course)


def mean_before(course: Course) -> Numbers:
    """Persons a week in the four weeks before each day's last seven."""
    weeks = [earlier(course.wau, DAYS_A_WEEK * back) for back in range(1, WEEKS_BEFORE + 1)]
    return np.asarray(sum(weeks) / WEEKS_BEFORE)


def _sudden_drop(p: SuddenDrop, course: Course) -> Signals:
    mean = mean_before(course)
    known = course.ages(course.began) >= DAYS_A_WEEK * (WEEKS_BEFORE + 1) - 1
    known &= np.arange(len(course)) >= DAYS_A_WEEK * WEEKS_BEFORE
    # In a week of holidays fewer come everywhere.
    known &= course.week_workdays() >= LEAST_WORKDAYS
    fires = known & (mean >= p.persons) & (course.wau <= (1 - p.fall) * mean)
    bar = 1 - p.fall * (1 - p.back)
    return Signals(fires, mean, lambda lost: course.wau >= bar * lost)


def _slow_decline(p: SlowDecline, course: Course) -> Signals:
    run = DAYS_A_WEEK * p.weeks
    start = earlier(course.mau, run)
    known = course.ages(course.began) >= run + MONTH_DAYS - 1
    known &= np.arange(len(course)) >= run
    falls = np.ones(len(course), bool)
    for week in range(p.weeks):
        later = earlier(course.mau, DAYS_A_WEEK * week)
        falls &= later < earlier(course.mau, DAYS_A_WEEK * (week + 1))
    fires = known & falls & (start >= p.persons) & (course.mau <= (1 - p.fall) * start)
    # It has stopped: for two weeks nothing was lost.
    steady = course.mau >= earlier(course.mau, 2 * DAYS_A_WEEK)
    return Signals(fires, start, lambda _lost: steady)


def _silence(p: Silence, course: Course) -> Signals:
    quiet = course.silence()
    known = (course.ages(course.began) >= 0) & (course.provisioned >= p.persons)
    return Signals(known & (quiet >= p.workdays), quiet, lambda _days: quiet == 0)


def _low_for_long(p: LowForLong, course: Course) -> Signals:
    ratio = share_of(course.login_week, course.provisioned)
    enough = (course.provisioned >= p.persons) & (course.ages(course.began) >= 0)
    settled = (course.ages(course.go_live) >= p.after_live) if course.go_live else True
    fires = held(enough & (ratio < p.low), p.days) & settled
    return Signals(fires, ratio, lambda _ratio: ratio >= p.low + p.margin)


def _core_unused(p: CoreUnused, course: Course) -> Signals:
    known = (course.ages(course.began) >= p.days) & (course.wau >= p.persons)
    known &= np.arange(len(course)) >= p.days
    if course.go_live:
        known &= course.ages(course.go_live) >= p.after_live
    idle = np.zeros(len(course), int)
    for days in course.unused.values():
        idle += days >= p.days
    return Signals(known & (idle > 0), idle, lambda _count: idle == 0)


def _over_use(p: OverUse, course: Course) -> Signals:
    used = np.max([share for share, _quota in uses_of(p, course)], axis=0)
    return Signals(used >= p.high, used, lambda _used: used < p.high - p.margin)


def uses_of(p: OverUse, course: Course) -> list[tuple[Numbers, QuotaUse | None]]:
    """Of the seats (None) and of each quota: the share that is in use, day by day."""
    seats = course.seats or 0
    enough = seats if seats >= p.persons else 0
    found: list[tuple[Numbers, QuotaUse | None]] = [
        (share_of(course.activated, np.full(len(course), enough)), None)
    ]
    found += [(share_of(one.used, np.full(len(course), one.amount)), one) for one in course.quotas]
    return found


def _onboarding(p: Onboarding, course: Course) -> Signals:
    whole = course.provisioned if course.seats is None else np.full(len(course), course.seats)
    taken_up = share_of(course.activated, whole)
    ages = course.ages(course.go_live)
    bars = bars_on(p, ages)
    asked = (bars > 0) & (ages <= ONBOARDING_DAYS) & (course.provisioned >= p.persons)
    return Signals(asked & (taken_up < bars), bars, lambda _bar: taken_up >= bars)


def bars_on(p: Onboarding, ages: Numbers) -> Numbers:
    """The bar that was passed last, 0 before the first."""
    passed = np.searchsorted(p.CHECKS, ages, side="right")
    return np.concatenate([[0.0], p.bars])[passed]


_SIGNALS: dict[Rule, Callable[[Any, Course], Signals]] = {
    Rule.SILENCE: _silence,
    Rule.SUDDEN_DROP: _sudden_drop,
    Rule.ONBOARDING: _onboarding,
    Rule.SLOW_DECLINE: _slow_decline,
    Rule.LOW_FOR_LONG: _low_for_long,
    Rule.CORE_UNUSED: _core_unused,
    Rule.OVER_USE: _over_use,
}
