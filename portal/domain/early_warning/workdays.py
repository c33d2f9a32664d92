"""Monday to Friday. Public holidays are not known."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

WORKDAYS_A_WEEK = 5


def add_workdays(day: date, count: int) -> date:
    """The day on which `count` whole workdays after `day` are over."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < WORKDAYS_A_WEEK
    return day


def workdays_so_far(first: date, length: int) -> npt.NDArray[np.int64]:
    """For each of `length` days from `first` on: the workdays up to it, itself included."""
    weekdays = (first.weekday() + np.arange(length)) % 7
    return np.cumsum(weekdays < WORKDAYS_A_WEEK).astype(np.int64)
