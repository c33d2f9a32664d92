"""When in the week people work."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from portal.services.adoption.sheet import Sheet, sheet_of
from portal.services.adoption.window import Window, find_window
from portal.usage.bitmaps import SLOTS_A_PERSON, array_of
from portal.usage.days import wall_hours

HOURS, WEEKDAYS = 24, 7


@dataclass(frozen=True, slots=True)
class Heat:
    """`cells[weekday][hour]`: how many persons were active in that hour, on average over the
    window's days of that weekday (0 is Monday) in the account's zone. `busiest` is a (weekday,
    hour), None where nobody was active.
    """

    cells: list[list[float]]
    busiest: tuple[int, int] | None


def hour_heat(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 28
) -> Heat:
    window = find_window(session, account_key, as_of, window_days)
    return heat_of(sheet_of(session, window), window)


def heat_of(sheet: Sheet, window: Window) -> Heat:
    sums = np.zeros((WEEKDAYS, HOURS))
    for day, slots in sheet.slots(window.first, window.last).items():
        marks = array_of(slots)
        hours = wall_hours(window.account.time_zone, day.toordinal())[marks % SLOTS_A_PERSON]
        persons = np.unique(marks // SLOTS_A_PERSON * HOURS + hours)
        sums[day.weekday()] += np.bincount(persons % HOURS, minlength=HOURS)
    run = (window.first + timedelta(days=index) for index in range(window.days))
    lengths = np.bincount([day.weekday() for day in run], minlength=WEEKDAYS)
    cells = sums / np.maximum(lengths, 1)[:, None]
    place = int(cells.argmax())
    busiest = (place // HOURS, place % HOURS) if cells.max() > 0 else None
    return Heat([[float(cell) for cell in row] for row in cells], busiest)
