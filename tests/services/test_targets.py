"""Targets of an account's figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.account_metrics import Values
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Role
from portal.domain.targets import Standing
from portal.domain.volumes import Pushed
from portal.models import Account, AuditEntry, MetricTarget
from portal.services.adoption import show_adoption
from portal.services.adoption.course import values_of
from portal.services.targets import (
    change_target,
    list_targets,
    remove_target,
    set_target,
    target_courses,
    target_version,
)
from portal.services.volumes import push_volumes, volume_course
from portal.tenancy import Scope, system_scope
from tests.world import LAST_DAY, NOW, OSKELUND, QUILLON, World, build_world

DUE = LAST_DAY + timedelta(days=100)


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def opened(world: World, company: str = OSKELUND.key) -> Scope:
    accounts = frozenset({world.accounts[company]})
    return Scope(user_id=None, role=Role.CSM, accounts=accounts, now=NOW, actor="mara")


def listed(session: Session) -> list[Standing]:
    now = values_of(show_adoption(session, OSKELUND.key, LAST_DAY))
    return [one.standing for one in list_targets(session, OSKELUND.key, now, LAST_DAY)]


def test_set_changed_and_removed_with_its_trail(world: World) -> None:
    with world.database.session(opened(world), writes=True) as session:
        key = set_target(session, OSKELUND.key, "login_ratio_30d", 0.8, DUE)
        first = target_version(session, OSKELUND.key)
        change_target(session, OSKELUND.key, key, 0.7, DUE)
        (row,) = session.scalars(select(MetricTarget)).all()
        assert (row.goal, row.due, row.set_on, row.start) == (0.7, DUE, LAST_DAY, None)
        assert listed(session) == [Standing.UNKNOWN]
        remove_target(session, OSKELUND.key, key)
        assert target_version(session, OSKELUND.key) != first
        assert listed(session) == []
    with world.database.session(system_scope(NOW, "test")) as session:
        trail = session.execute(
            select(AuditEntry.action, AuditEntry.details).where(AuditEntry.object_key == key)
        ).all()
    assert [row.action for row in trail] == ["target.set", "target.changed", "target.removed"]
    assert trail[1].details["before"] == {"goal": 0.8, "due": DUE.isoformat()}


@pytest.mark.parametrize(
    ("metric", "goal", "due", "member"),
    [
        ("age", 0.5, DUE, "metric"),
        ("depth", 0, DUE, "goal"),
        ("depth", -1, DUE, "goal"),
        ("depth", 1.01, DUE, "goal"),
        ("depth", float("nan"), DUE, "goal"),
        ("depth", float("inf"), DUE, "goal"),
        ("depth", 0.5, LAST_DAY, "due"),
        ("depth", 0.5, date(2040, 1, 1), "due"),
        ("depth", 0.5, date.max, "due"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    world: World, metric: str, goal: float, due: date, member: str
) -> None:
    with (
        world.database.session(opened(world), writes=True) as session,
        pytest.raises(Invalid) as refused,
    ):
        set_target(session, OSKELUND.key, metric, goal, due)
    assert list(refused.value.fields) == [member]


def test_one_target_a_figure(world: World) -> None:
    with world.database.session(opened(world), writes=True) as session:
        set_target(session, OSKELUND.key, "mau", 10, DUE)
        with pytest.raises(Conflict):
            set_target(session, OSKELUND.key, "mau", 12, DUE)


def pushed(world: World, company: str, **values: int) -> None:
    """Of the series `orders`: so much so many days before the last full one (`d3=5`)."""
    items = [
        Pushed(f"{back}", "orders", LAST_DAY - timedelta(days=int(back[1:])), Decimal(value))
        for back, value in values.items()
    ]
    with world.database.session(opened(world, company), writes=True) as session:
        push_volumes(session, company, items)


def test_a_target_of_business_volume(world: World) -> None:
    """The sum of 30 days, from where it stands; unknown before the series began."""
    pushed(world, OSKELUND.key, d0=5, d29=7, d30=100, d40=-3)
    with world.database.session(opened(world), writes=True) as session:
        set_target(session, OSKELUND.key, "volume:orders", 30, DUE)
        (row,) = session.scalars(select(MetricTarget)).all()
        assert (row.start, row.goal) == (12.0, 30)
        days = [LAST_DAY - timedelta(days=back) for back in (41, 40, 30, 1, 0)]
        found = [one["volume:orders"] for one in volume_course(session, OSKELUND.key, days)]
        assert found == [None, -3, 97, 107, 12]
        set_target(session, OSKELUND.key, "mau", 10, DUE)
        now: Values = {"mau": 1.0, "volume:orders": 12.0}
        targets = list_targets(session, OSKELUND.key, now, LAST_DAY)
        assert [one.metric for one in targets] == ["mau", "volume:orders"]
        assert targets[1].standing is Standing.ON_THE_WAY
        courses = target_courses(session, OSKELUND.key, targets)
    assert [point.value for point in courses["volume:orders"]][-1] == 12
    assert {point.value for point in courses["mau"]} == {None}


@pytest.mark.parametrize("metric", ["volume:", "volume:age", "volume:orders "])
def test_a_series_that_the_account_does_not_have(world: World, metric: str) -> None:
    pushed(world, QUILLON.key, d0=5)
    pushed(world, OSKELUND.key, d0=5)
    with (
        world.database.session(opened(world), writes=True) as session,
        pytest.raises(Invalid) as refused,
    ):
        set_target(session, OSKELUND.key, metric, 5, DUE)
    assert list(refused.value.fields) == ["metric"]


def test_another_account_s_target_is_not_found(world: World) -> None:
    with world.database.session(opened(world, QUILLON.key), writes=True) as session:
        foreign = set_target(session, QUILLON.key, "mau", 10, DUE)
    with world.database.session(opened(world), writes=True) as session:
        for account in (OSKELUND.key, QUILLON.key):
            with pytest.raises(NotFound):
                change_target(session, account, foreign, 5, DUE)
            with pytest.raises(NotFound):
                remove_target(session, account, foreign)
        with pytest.raises(NotFound):
            set_target(session, QUILLON.key, "depth", 0.5, DUE)
        assert session.scalars(select(Account.key)).all() == [OSKELUND.key]


def test_the_course_reaches_back_before_the_target(world: World) -> None:
    with world.database.session(opened(world), writes=True) as session:
        set_target(session, OSKELUND.key, "mau", 10, DUE)
        targets = list_targets(session, OSKELUND.key, {"mau": None}, LAST_DAY)
        points = target_courses(session, OSKELUND.key, targets)["mau"]
    assert [point.day for point in points] == [
        LAST_DAY - timedelta(days=7 * back) for back in reversed(range(5))
    ]
    assert {point.value for point in points} == {None}
