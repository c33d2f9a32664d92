"""Time online per day and person, calls per integration, against the bare events."""

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import Account
from portal.services.adoption import Online, integration_calls, time_online
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.usage.brute_force import Truth
from tests.usage.sample import NOW, ZONES, Sample, load_lists, make_sample, send_all

DAY = date(2026, 4, 5)


def seconds_of(truth: Truth) -> dict[tuple[date, str], int]:
    """(Local day, person) → seconds, for every day on which the person had an event."""
    made: dict[tuple[date, str], int] = {}
    by_person: dict[str, set[int]] = {}
    for event in truth.events:
        made[truth.day(event), event["userId"]] = 0
        minute = int(truth.at(event).timestamp()) // 60
        by_person.setdefault(event["userId"], set()).add(minute)
    for person, minutes in by_person.items():
        for one, other in itertools.pairwise(sorted(minutes)):
            if other - one <= 30:
                day = datetime.fromtimestamp(one * 60, truth.zone).date()
                made[day, person] += 60 * (other - one)
    return made


def check(found: Online, truth: Truth, least: int = 1) -> None:
    seconds = seconds_of(truth)
    total: Counter[str] = Counter()
    for day in found.days:
        own = {person: value for (on, person), value in seconds.items() if on == day.day}
        total.update(dict.fromkeys(own, 0))
        total.update(own)
        assert (day.persons, day.seconds) == (len(own), sum(own.values()))
        told = median(own.values()) if own and len(own) >= least else None
        assert day.median_seconds == told
    persons = {person for on, person in seconds if found.days[0].day <= on <= found.days[-1].day}
    values = [total[person] for person in persons]
    assert (found.persons, found.seconds) == (len(persons), sum(values))
    assert found.median_seconds == (median(values) if len(values) >= least else None)
    for bucket in found.buckets:
        high = bucket.high or 10**9
        assert bucket.persons == sum(1 for value in values if bucket.low <= value < high)
    assert sum(bucket.persons for bucket in found.buckets) == len(values)


@pytest.mark.parametrize("account", ZONES)
@pytest.mark.parametrize("window", [7, 40])
def test_time_online_is_exact(session: Session, sample: Sample, account: str, window: int) -> None:
    check(time_online(session, account, DAY, window), Truth(sample, account, ZONES[account]))


def test_in_groups_no_step_holds_fewer_than_five(session: Session, truth: Truth) -> None:
    session.execute(update(Account).values(people_shown="groups"))
    found = time_online(session, "acme", DAY, 14)
    check(found, truth, least=5)
    assert all(bucket.persons >= 5 for bucket in found.buckets)
    assert any(day.median_seconds is None and day.persons for day in found.days)


@pytest.mark.parametrize("account", ZONES)
def test_calls_are_exact(session: Session, sample: Sample, account: str) -> None:
    truth = Truth(sample, account, ZONES[account])
    check_calls(session, truth, account, DAY, 14)


def check_calls(session: Session, truth: Truth, account: str, day: date, window: int) -> None:
    found = integration_calls(session, account, day, window)
    calls = [
        (truth.day(event), event["properties"]["integration"])
        for event in truth.within(day, 2 * window)
        if event["properties"]["channel"] in {"api", "integration"}
    ]
    first = day - timedelta(days=window - 1)
    inside = Counter(name for on, name in calls if on >= first)
    assert found.calls == inside.total()
    assert {one.name: one.calls for one in found.integrations} == inside
    for one in found.integrations:
        own = {on for on, name in calls if name == one.name and on >= first}
        assert (one.days, one.last_day) == (len(own), max(own))
        assert one.calls_before == sum(1 for on, name in calls if name == one.name and on < first)
    for row in found.days:
        assert row.names == Counter(name for on, name in calls if on == row.day)


def test_over_the_leap_day(database: Database) -> None:
    leap = make_sample(seed=11, bursts=60, begin=datetime(2024, 2, 17, tzinfo=UTC))
    load_lists(database, leap)
    send_all(database, leap.events)
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test")) as session:
        for account, zone in ZONES.items():
            truth = Truth(leap, account, zone)
            found = time_online(session, account, date(2024, 3, 12), 14)
            check(found, truth)
            assert date(2024, 2, 29) in [day.day for day in found.days]
            check_calls(session, truth, account, date(2024, 3, 12), 14)


def test_before_any_event(session: Session) -> None:
    found = time_online(session, "acme", date(2026, 2, 1), 7)
    assert (found.persons, found.seconds, found.median_seconds) == (0, 0, None)
    assert integration_calls(session, "acme", date(2026, 2, 1), 7).integrations == []
