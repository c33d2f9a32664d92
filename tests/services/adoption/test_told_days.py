"""Days told as sums: what they cannot say is not known, never 0."""

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.usage_days import UsageDay
from portal.models import Account
from portal.services.adoption import (
    account_series,
    hour_heat,
    integration_calls,
    people_use,
    show_adoption,
    show_teams,
    team_use,
    time_online,
)
from portal.services.adoption.course import metric_course, values_of
from portal.services.usage_days import push_days
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.services.adoption.conftest import DAY
from tests.usage.brute_force import Truth
from tests.usage.sample import NOW

TOLD = DAY - timedelta(days=3)
BEFORE = TOLD - timedelta(days=1)


def push(database: Database, account: str, days: list[date]) -> None:
    items = [UsageDay(day, f"{account}-1", "Order Created", 3, 600_000) for day in days]
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        push_days(session, account, items)
    fold_pending(database, NOW)


@pytest.fixture
def session(filled: Database) -> Iterator[Session]:
    """Of one day of acme a sum was told beside its events."""
    push(filled, "acme", [TOLD])
    with filled.session(system_scope(NOW, "test"), writes=True) as session:
        yield session


def test_time_online_is_not_known_where_a_day_was_told(session: Session, truth: Truth) -> None:
    now = show_adoption(session, "acme", DAY, 14)
    assert (now.told_days, now.time_online_seconds) == (1, None)
    assert now.as_json()["time_online_seconds"] is None
    assert values_of(now)["time_online"] is None
    assert values_of(now)["time_online_each"] is None
    earlier = show_adoption(session, "acme", BEFORE, 14)
    assert (earlier.told_days, earlier.time_online_seconds) == (0, truth.online(BEFORE, 14))


def test_each_day_by_itself(session: Session, truth: Truth) -> None:
    for day in account_series(session, "acme", BEFORE, DAY):
        expected = None if day.day == TOLD else truth.online(day.day, 1)
        assert day.time_online_seconds == expected
    found = time_online(session, "acme", DAY, 14)
    assert found.seconds == truth.online(DAY, 14) - truth.online(TOLD, 1) > 0
    users = {u for day in found.days if day.day != TOLD for u in truth.users(day.day, 1)}
    each = [alone(truth, user) for user in users]
    assert (found.persons, sum(each)) == (len(users), found.seconds)
    assert found.median_seconds == median(each)
    assert sum(one.persons for one in found.buckets) == len(users)
    assert found.basis.told_days == 1
    assert [day.day for day in found.days if day.seconds is None] == [TOLD]


def test_the_course_of_a_target_has_a_gap(session: Session) -> None:
    wanted = ("mau", "time_online", "time_online_each")
    before, after = metric_course(session, "acme", [BEFORE, DAY], wanted)
    assert None not in before.values()
    assert (after["time_online"], after["time_online_each"]) == (None, None)
    assert after["mau"] is not None


def alone(truth: Truth, *users: str) -> int:
    """Time online of these persons on the days that were not told."""
    everybody = truth.events
    truth.events = [event for event in everybody if event["userId"] in users]
    try:
        return truth.online(DAY, 14) - truth.online(TOLD, 1)
    finally:
        truth.events = everybody


@pytest.mark.parametrize("shown", ["named", "groups"])
def test_persons_and_teams(session: Session, truth: Truth, shown: str) -> None:
    account = session.query(Account).filter_by(key="acme").one()
    account.people_shown = shown
    session.flush()
    people = people_use(session, "acme", DAY, 14, sort="time_online_seconds", page_size=100)
    groups = [*people.groups, *team_use(session, "acme", DAY, 14)]
    teams = show_teams(session, "acme", DAY, 14).teams
    assert groups
    assert teams
    for one in people.rows:
        assert one.time_online_seconds == alone(truth, one.external_id)
    team = alone(truth, *truth.provisioned(DAY))
    assert sum((one.time_online_seconds or 0) * one.persons for one in groups[-1:]) == team
    assert sum(one.time_online_seconds or 0 for one in teams) == team


def test_calls_are_counted_where_events_tell_of_them(session: Session, truth: Truth) -> None:
    now = show_adoption(session, "acme", DAY, 14)
    called = [
        event
        for event in truth.within(DAY, 14)
        if event["properties"]["channel"] in {"api", "integration"}
    ]
    assert now.integration_calls == len(called) > 0


def test_hours_of_told_days_are_left_out(filled: Database) -> None:
    """Of the weekday's two days one was told: the mean is over the other."""

    def cells() -> list[float]:
        with filled.session(system_scope(NOW, "test")) as session:
            return hour_heat(session, "acme", DAY, 14).cells[TOLD.weekday()]

    def other() -> list[float]:
        with filled.session(system_scope(NOW, "test")) as session:
            return hour_heat(session, "acme", TOLD - timedelta(days=7), 1).cells[TOLD.weekday()]

    alone = other()
    push(filled, "acme", [TOLD])
    assert cells() == alone
    push(filled, "acme", [TOLD - timedelta(days=7)])
    assert any(alone)
    assert not any(cells())


def test_of_sums_alone_only_persons_are_known(database: Database) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(Account(key="sums", name="Sums", time_zone="Asia/Tokyo", created_at=NOW))
        session.commit()
    push(database, "sums", [DAY, TOLD])
    with database.session(system_scope(NOW, "test")) as session:
        now = show_adoption(session, "sums", DAY, 14)
        assert (now.dau, now.wau, now.mau, now.stickiness) == (1, 1, 1, 2 / 30)
        assert (now.time_online_seconds, now.integration_calls, now.integrations) == (None,) * 3
        assert hour_heat(session, "sums", DAY).busiest is None
        assert integration_calls(session, "sums", DAY, 14).basis.told_days == 2
        online = time_online(session, "sums", DAY, 14)
        assert (online.persons, online.seconds, online.buckets) == (1, None, [])
        assert {one.time_online_seconds for one in people_use(session, "sums", DAY).rows} == {None}
