"""What an alert shows: the numbers of its sentence, and the series of its chart."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import numpy as np

from portal.domain.early_warning.course import Course, Numbers
from portal.domain.early_warning.parameters import (
    CoreUnused,
    LowForLong,
    Onboarding,
    OverUse,
    Parameters,
    SlowDecline,
)
from portal.domain.early_warning.rules import Rule, bars_on, mean_before, uses_of
from portal.domain.metrics import DAYS_A_WEEK

WEEKS = 13
"""As many points as a chart has, a week apart, the day itself last."""
Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """As of the end of `day`. `measure` names the series, `line` is the level that it is held
    against, where there is one. `points`: (day, value), a week apart. JSON through `stored`.
    """

    day: date
    measure: str
    numbers: Values
    points: list[tuple[date, float]]
    line: float | None = None
    features: list[str] = field(default_factory=list)
    # Of the measure, where the vendor gave one: whoever reads it puts it here, it is never stored.
    name: str = ""

    def stored(self) -> dict[str, Any]:
        values = asdict(self)
        del values["name"]
        values["day"] = self.day.isoformat()
        values["points"] = [[day.isoformat(), value] for day, value in self.points]
        return values

    @classmethod
    def read(cls, values: dict[str, Any]) -> "Evidence":
        points = [(date.fromisoformat(day), value) for day, value in values["points"]]
        day = date.fromisoformat(values["day"])
        return cls(**{**values, "day": day, "points": points})


@dataclass(frozen=True, slots=True)
class _Found:
    measure: str
    series: Numbers
    numbers: Values
    line: float | None = None
    features: list[str] = field(default_factory=list)


def evidence_of(rule: Rule, parameters: Parameters, course: Course, index: int) -> Evidence:
    found = _FOUND[rule](parameters, course, index)
    first = max(index - DAYS_A_WEEK * (WEEKS - 1), index % DAYS_A_WEEK)
    points = [
        (course.day(one), float(found.series[one])) for one in range(first, index + 1, DAYS_A_WEEK)
    ]
    return Evidence(
        course.day(index), found.measure, found.numbers, points, found.line, found.features
    )


def _drop(_p: Parameters, course: Course, index: int) -> _Found:
    mean = float(mean_before(course)[index])
    now = int(course.wau[index])
    fall = 1 - now / mean if mean else 0.0
    return _Found("wau", course.wau, {"now": now, "mean": mean, "fall": fall}, mean)


def _decline(p: SlowDecline, course: Course, index: int) -> _Found:
    then = int(course.mau[max(index - DAYS_A_WEEK * p.weeks, 0)])
    now = int(course.mau[index])
    fall = 1 - now / then if then else 0.0
    numbers = {"now": now, "then": then, "fall": fall, "weeks": p.weeks}
    return _Found("mau", course.mau, numbers, float(then))


def _silence(_p: Parameters, course: Course, index: int) -> _Found:
    """`days`: calendar days since the last event; absent where that lies before the series."""
    numbers: Values = {
        "workdays": int(course.silence()[index]),
        "provisioned": int(course.provisioned[index]),
    }
    heard = np.flatnonzero(course.events[: index + 1])
    if heard.size:
        numbers["days"] = index - int(heard[-1])
    return _Found("week_events", course.week_events(), numbers)


def _low(p: LowForLong, course: Course, index: int) -> _Found:
    now, everyone = int(course.login_week[index]), int(course.provisioned[index])
    numbers = {"now": now, "provisioned": everyone, "days": p.days, "low": p.low}
    return _Found("login_week", course.login_week, numbers, p.low * everyone)


def _unused(p: CoreUnused, course: Course, index: int) -> _Found:
    names = [name for name, days in course.unused.items() if days[index] >= p.days]
    numbers: Values = {"unused": len(names), "entitled": len(course.unused), "days": p.days}
    return _Found("week_uses", course.week_uses(names), numbers, features=names)


def _over_use(p: OverUse, course: Course, index: int) -> _Found:
    """Of what is nearest to its end: the seats, or a quota."""
    _share, quota = max(uses_of(p, course), key=lambda one: float(one[0][index]))
    if quota is not None:
        used = float(quota.used[index])
        numbers: Values = {"now": used, "quota": quota.amount, "high": p.high}
        return _Found(quota.measure, quota.used, numbers, quota.amount)
    seats = course.seats or 0
    numbers = {"now": int(course.activated[index]), "seats": seats, "high": p.high}
    return _Found("activated", course.activated, numbers, float(seats))


def _onboarding(p: Onboarding, course: Course, index: int) -> _Found:
    ages = course.ages(course.go_live)
    bar = float(bars_on(p, ages)[index])
    whole = int(course.provisioned[index]) if course.seats is None else course.seats
    now = int(course.activated[index])
    numbers = {"now": now, "whole": whole, "bar": bar, "age": int(ages[index])}
    return _Found("activated", course.activated, numbers, bar * whole)


_FOUND: dict[Rule, Callable[[Any, Course, int], _Found]] = {
    Rule.SILENCE: _silence,
    Rule.SUDDEN_DROP: _drop,
    Rule.ONBOARDING: _onboarding,
    Rule.SLOW_DECLINE: _decline,
    Rule.LOW_FOR_LONG: _low,
    Rule.CORE_UNUSED: _unused,
    Rule.OVER_USE: _over_use,
}
