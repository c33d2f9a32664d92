from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from portal.domain.early_warning.workdays import workdays_so_far
from portal.domain.metrics import DAYS_A_WEEK

Numbers = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """What the contract allows of `measure` (contract_quotas.py) in 30 days, and what was used in
    those that end on each day.
    """

    measure: str
    amount: float
    used: Numbers


@dataclass(frozen=True, slots=True)
class Course:
    """One account day by day in its own zone; every array begins on `first` and has one entry a
    day.

    `calendar`: whose holidays it keeps (workdays.py). `began`: the day of its first event, None
    before any. `login_week`: provisioned persons active in the 7 days. `activated`: provisioned
    persons with an event so far. `unused`: core feature of the contract → days since its last use,
    counted from `first` at most.
    """

    first: date
    events: Numbers
    wau: Numbers
    mau: Numbers
    login_week: Numbers
    provisioned: Numbers
    activated: Numbers
    calendar: str = ""
    began: date | None = None
    go_live: date | None = None
    seats: int | None = None
    unused: dict[str, Numbers] = field(default_factory=dict)
    quotas: list[QuotaUse] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.events)

    def day(self, index: int) -> date:
        return self.first + timedelta(days=index)

    def index(self, day: date) -> int:
        """May lie outside of the arrays."""
        return (day - self.first).days

    def ages(self, since: date | None) -> Numbers:
        """Days since that day, negative before it; everything is negative without one."""
        if since is None:
            return np.full(len(self), -1)
        return np.arange(len(self)) - self.index(since)

    def week_workdays(self) -> Numbers:
        """Workdays among the seven that end on each day."""
        before = self.first - timedelta(days=DAYS_A_WEEK)
        so_far = workdays_so_far(before, len(self) + DAYS_A_WEEK, self.calendar)
        return so_far[DAYS_A_WEEK:] - so_far[:-DAYS_A_WEEK]

    def silence(self) -> Numbers:
        """Workdays without any event up to each day. Before the first event of the arrays they
        are counted from `first`.
        """
        workdays = workdays_so_far(self.first, len(self), self.calendar)
        heard = np.maximum.accumulate(np.where(self.events > 0, workdays, 0))
        return workdays - heard

    def week_events(self) -> Numbers:
        """Events of the seven days that end on each day."""
        return week_sums(self.events)

    def week_uses(self, features: Iterable[str]) -> Numbers:
        """On how many of the seven days that end on each day the core features were used, all of
        them added up. Of the first day of the arrays `unused` cannot tell.
        """
        used = np.zeros(len(self), int)
        for feature in features:
            used[1:] += self.unused[feature][1:] == 0
        return week_sums(used)


def week_sums(values: Numbers) -> Numbers:
    """Over the seven days that end on each day; fewer at the beginning of the arrays."""
    so_far = np.concatenate([np.zeros(DAYS_A_WEEK, values.dtype), np.cumsum(values)])
    return np.asarray(so_far[DAYS_A_WEEK:] - so_far[:-DAYS_A_WEEK])


def earlier(values: Numbers, days: int) -> Numbers:
    """Each day's value of `days` before; 0 where that lies before the arrays."""
    if days == 0:
        return values
    return np.concatenate([np.zeros(min(days, len(values)), values.dtype), values[:-days]])


def held(flags: Flags, days: int) -> Flags:
    """Whether it was true on each of the `days` up to the day; never before there are so many."""
    sums = np.concatenate([[0], np.cumsum(flags)])
    run = np.full(len(flags), 0)
    if len(flags) >= days:
        run[days - 1 :] = sums[days:] - sums[:-days]
    kept: Flags = run == days
    return kept


def share_of(part: Numbers, whole: Numbers | float) -> Numbers:
    """0 of nothing: whoever asks has checked that there is enough."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 0)
