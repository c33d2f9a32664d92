"""Business time against a clock that counts it minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.domain.errors import Invalid
from portal.domain.service_level import (
    BusinessCalendar,
    add_business,
    business_between,
    parse_calendar,
    warn_at,
)

NINE_TO_FIVE = ((time(9), time(17)),)
WEEK = dict.fromkeys(range(5), NINE_TO_FIVE)
OSLO = BusinessCalendar("Europe/Oslo", WEEK, "NO")
NIGHT = BusinessCalendar("America/New_York", dict.fromkeys(range(7), ((time(0), time(4)),)))
KATHMANDU = BusinessCalendar("Asia/Kathmandu", {6: ((time(8), time(12)), (time(13), time.max))})


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-20T16:30", 60, "2026-11-23T09:30"),  # over a weekend
        ("2026-11-21T12:00", 0, "2026-11-23T09:00"),  # 0 minutes wait for business
        ("2026-12-23T16:00", 120, "2026-12-24T10:00"),
        ("2026-12-24T16:30", 60, "2026-12-28T09:30"),  # two days of Christmas, then a weekend
        ("2027-03-26T12:00", 1, "2027-03-30T09:01"),  # Good Friday to Easter Monday
    ],
)
def test_oslo(start: str, minutes: int, due: str) -> None:
    found = add_business(OSLO, at(start, "Europe/Oslo"), minutes)
    assert found == at(due, "Europe/Oslo")


def test_an_hour_that_is_skipped_or_repeated_is_as_long_as_it_was() -> None:
    spring, autumn = at("2027-03-14T00:00", NIGHT.zone), at("2027-11-07T00:00", NIGHT.zone)
    assert business_between(NIGHT, spring, spring + timedelta(hours=12)) == 180
    assert business_between(NIGHT, autumn, autumn + timedelta(hours=12)) == 300


def by_the_minute(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """Independent: each minute is asked by its local clock."""
    zone, count, moment = ZoneInfo(calendar.zone), 0, start
    while moment < end:
        local = moment.astimezone(zone)
        open_now = any(
            begin <= local.time() < close
            for begin, close in calendar.hours.get(local.weekday(), ())
        )
        count += open_now and local.date() not in calendar.days_off
        moment += timedelta(minutes=1)
    return count


MOMENTS = some.sampled_from(
    [at("2027-03-13T20:00"), at("2027-11-06T20:00"), at("2028-02-28T22:00"), at("2026-12-31T05:00")]
)
OFF = BusinessCalendar(
    "America/New_York",
    {5: ((time(1), time(6)),), 6: ((time(0, 30), time(2, 45)), (time(3), time(9)))},
    days_off=frozenset({date(2028, 2, 29)}),
)


@settings(max_examples=25)
@given(MOMENTS, some.integers(0, 600), some.integers(0, 2000))
def test_it_agrees_with_the_clock(moment: datetime, later: int, length: int) -> None:
    start = moment + timedelta(minutes=later)
    end = start + timedelta(minutes=length)
    for calendar in (NIGHT, KATHMANDU, OFF):
        assert business_between(calendar, start, end) == by_the_minute(calendar, start, end)


@given(MOMENTS, some.integers(0, 20_000), some.integers(0, 5_000))
def test_what_is_added_lies_between(moment: datetime, later: int, minutes: int) -> None:
    start = moment + timedelta(minutes=later)
    for calendar in (OSLO, NIGHT, KATHMANDU, OFF):
        due = add_business(calendar, start, minutes)
        assert due is not None
        assert business_between(calendar, start, due) == minutes
        near = warn_at(calendar, start, minutes)
        assert near is not None
        assert near <= due


def test_a_calendar_that_never_opens_has_no_due_moment() -> None:
    assert add_business(BusinessCalendar("UTC", {}), at("2026-11-20T16:30"), 1) is None


def test_what_is_typed_is_read_or_refused_member_by_member() -> None:
    read = parse_calendar("Asia/Shanghai", {"0": [["09:00", "24:00"]]}, "CN", ["2026-12-24"])
    assert read.hours[0] == ((time(9), time.max),)
    with pytest.raises(Invalid) as refused:
        parse_calendar("Mars/Base", {"1": [["17:00", "09:00"]]}, "XX", ["24.12."])
    assert set(refused.value.fields) == {"zone", "holidays", "days_off", "hours_1"}
    with pytest.raises(Invalid):
        parse_calendar("UTC", {}, "", [])
