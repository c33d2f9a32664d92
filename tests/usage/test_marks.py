"""What the minutes of a day say of its hours, on days of every kind, against a minute by minute
count.
"""

from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from portal.usage.bitmaps import SLOTS_A_PERSON
from portal.usage.days import day_minutes
from portal.usage.marks import marks_of
from portal.usage.together import NO_SLOTS

DAYS = [
    ("Europe/Oslo", date(2026, 5, 4)),
    ("Europe/Oslo", date(2025, 10, 26)),
    ("Europe/Oslo", date(2026, 3, 29)),
    # Half an hour back, and two hours: there the same hours are shown twice, one after the other.
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Antarctica/Troll", date(2025, 10, 26)),
]


@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_each_person_counts_once_an_hour_of_the_wall(zone: str, day: date) -> None:
    source = Random(3)
    length = min(day_minutes(zone, day.toordinal()), SLOTS_A_PERSON)
    active = {number: sorted(source.sample(range(length), 300)) for number in (2, 7, 900)}
    slots = [number * SLOTS_A_PERSON + minute for number in active for minute in active[number]]
    found = marks_of(zone, day.toordinal(), np.array(slots, np.int64), NO_SLOTS)
    begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()
    expected = [0] * 24
    for minutes in active.values():
        moments = (datetime.fromtimestamp(begin + 60 * one, ZoneInfo(zone)) for one in minutes)
        for hour in {moment.hour for moment in moments}:
            expected[hour] += 1
    assert found.hours.tolist() == expected


def test_a_day_without_minutes_has_no_hours() -> None:
    found = marks_of("UTC", date(2026, 5, 4).toordinal(), NO_SLOTS, NO_SLOTS)
    assert not found.hours.any()
    assert not found.persons.size
