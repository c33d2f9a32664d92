from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.usage.days import day_minutes, day_start, split, wall_hours, zone_of
from portal.usage.moments import SECOND, microseconds

ZONES = [
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
]


@given(
    st.sampled_from(ZONES),
    st.lists(st.integers(0, 40 * 366 * 86_400), min_size=1, max_size=20),
)
def test_days_and_minutes_are_those_of_the_calendar(zone: str, seconds: list[int]) -> None:
    aware = [datetime(2000, 1, 3, tzinfo=UTC) + timedelta(seconds=one) for one in seconds]
    days, minutes = split(zone, np.array([microseconds(one) for one in aware], np.int64))
    for moment, day, minute in zip(aware, days.tolist(), minutes.tolist(), strict=True):
        local = moment.astimezone(ZoneInfo(zone)).date()
        assert day == local.toordinal()
        start = datetime(local.year, local.month, local.day, tzinfo=ZoneInfo(zone))
        assert minute == int(moment.timestamp()) // 60 - int(start.timestamp()) // 60
        assert 0 <= minute < 1536


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("America/New_York", date(2026, 3, 8), 23 * 60),
        ("America/New_York", date(2026, 11, 1), 25 * 60),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24 * 60 + 30),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("UTC", date(2026, 1, 1), 24 * 60),
    ],
)
def test_length_of_a_day(zone: str, day: date, length: int) -> None:
    assert day_minutes(zone, day.toordinal()) == length


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2026, 6, 1)])
def test_hours_on_the_wall(day: date) -> None:
    zone = "America/New_York"
    hours = wall_hours(zone, day.toordinal())
    start = datetime.fromtimestamp(day_start(zone, day.toordinal()) / SECOND, UTC)
    for minute in range(0, day_minutes(zone, day.toordinal()), 7):
        wall = (start + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        assert hours[minute] == wall.hour


def test_a_zone_that_nobody_knows_is_utc() -> None:
    assert zone_of("Mars/Olympus").key == "UTC"
    assert zone_of("../etc/passwd").key == "UTC"
