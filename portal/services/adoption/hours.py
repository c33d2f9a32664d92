"""When in the week people work."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from portal.services.adoption.sheet import Sheet, whole_sheet
from portal.services.adoption.window import Window, find_window
from portal.usage.marks import HOURS

WEEKDAYS = 7


@dataclass(frozen=True, slots=True)
class Heat:
    """`cells[weekday][hour]`: how many persons were active in that hour, on average over the
    window's days of that weekday (0 is Monday) in the account's zone; days that were told as sums
    are left out. `busiest` is a (weekday, hour), None where nobody was active.
    """

    cells: list[list[float]]
    busiest: tuple[int, int] | None


def hour_heat(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 28
) -> Heat:
    window = find_window(session, account_key, as_of, window_days)
    return heat_of(whole_sheet(session, window), window)


def heat_of(sheet: Sheet, window: Window) -> Heat:
    sums = np.zeros((WEEKDAYS, HOURS))
    told = window.account.told
    for day, marks in sheet.marks(window.first, window.last):
        if day not in told:
            sums[day.weekday()] += marks.hours
    days = (window.first + timedelta(days=index) for index in range(window.days))
    run = [day for day in days if day not in told]
    lengths = np.bincount([day.weekday() for day in run], minlength=WEEKDAYS)
    cells = sums / np.maximum(lengths, 1)[:, None]
    place = int(cells.argmax())
    busiest = (place // HOURS, place % HOURS) if cells.max() > 0 else None
    return Heat([[float(cell) for cell in row] for row in cells], busiest)
