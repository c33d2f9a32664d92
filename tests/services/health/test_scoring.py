"""The nightly score against the adoption page's own figures, day by day, on both databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.health import USUAL_WEIGHTS, Band, Component
from portal.domain.volumes import Pushed
from portal.models import Account, HealthDay, HealthModel
from portal.services.adoption import show_adoption
from portal.services.health import glass_box, latest_scores
from portal.services.health.days import days_to_score
from portal.services.health.due import due_accounts, inner_first
from portal.services.health.scoring import score_accounts
from portal.services.volumes import push_volumes
from tests.blueprints.usage import counted
from tests.services.alerts.nights import after, busy, day
from tests.world import NOW, OSKELUND, QUILLON, World, build_world


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def scored(database: Database, count: int, history: int = 0) -> int:
    with database.session(after(count)) as session:
        due = due_accounts(session)
    with database.session(after(count), writes=True) as session:
        return score_accounts(session, due, history=history)


def days_of(session: Session, key: str = OSKELUND.key) -> dict[date, HealthDay]:
    wanted = select(HealthDay).join(Account).where(Account.key == key)
    return {one.day: one for one in session.scalars(wanted)}


def test_each_day_is_scored_once_and_the_past_stays(world: World) -> None:
    database = world.database
    busy(database, range(60))
    assert scored(database, 59) == 2
    assert scored(database, 59) == 0
    busy(database, range(60, 72), range(1, 3))
    assert scored(database, 71) == 24
    with database.session(after(71)) as session:
        days = days_of(session)
        assert sorted(days) == [day(count) for count in range(59, 72)]
        assert days[day(71)].values["activity"] < 100 == days[day(59)].values["activity"]


def test_a_score_says_what_the_adoption_page_says(world: World) -> None:
    database = world.database
    busy(database, range(80), range(1, 5))
    scored(database, 79)
    with database.session(after(79)) as session:
        kept = days_of(session)[day(79)]
        page = show_adoption(session, OSKELUND.key, day(79), 30)
        assert kept.signals["login_ratio"] == page.login_ratio_7d
        assert kept.signals["breadth"] == page.breadth.ratio
        assert kept.signals["depth"] == pytest.approx(page.depth)
        assert kept.signals["active_now"] == 4
        # 4 of 6 come: 0.7 × (4/6 ÷ 0.8) + 0.3 × 1 of a steady course.
        assert kept.values["activity"] == pytest.approx(100 * (0.7 * (4 / 6) / 0.8 + 0.3))


def test_late_events_have_the_last_day_made_again(world: World) -> None:
    database = world.database
    busy(database, range(60), range(1, 3))
    scored(database, 59)
    busy(database, range(56, 60), range(3, 7))
    with database.session(after(59)) as session:
        before = days_of(session)[day(59)].values["activity"]
    assert scored(database, 59) == 1
    with database.session(after(59)) as session:
        assert days_of(session)[day(59)].values["activity"] > before


def test_late_business_volume_has_the_last_day_made_again(world: World) -> None:
    """Of days that are over alone; what comes of today changes no score of yesterday."""
    database = world.database

    def push(count: int, value: int) -> None:
        item = Pushed(f"{count}-{value}", "orders", day(count), Decimal(value))
        with database.session(after(79), writes=True) as session:
            push_volumes(session, OSKELUND.key, [item])

    def volume() -> float | None:
        with database.session(after(79)) as session:
            return days_of(session)[day(79)].signals.get("volume_change")

    busy(database, range(80))
    for count in range(10, 80, 10):
        push(count, 10)
    scored(database, 79)
    before = volume()
    push(80, 5)
    assert scored(database, 79) == 0
    push(77, 20)
    assert scored(database, 79) == 1
    assert before == 0
    assert volume() == pytest.approx(20 / 30)
    assert scored(database, 79) == 0


def test_the_past_is_scored_when_an_account_is_first_seen(world: World) -> None:
    database = world.database
    busy(database, range(60))
    scored(database, 59, history=100)
    with database.session(after(59)) as session:
        days = sorted(days_of(session))
        # Daily for five weeks, before that each week back to the first event, and no further.
        assert days[-36:] == [day(59 - back) for back in reversed(range(36))]
        assert days[:-36] == [day(59 - back) for back in (56, 49, 42)]
        assert sorted(days_of(session, QUILLON.key)) == [day(59)]


def test_days_to_score() -> None:
    last = date(2026, 3, 1)
    assert days_to_score(None, last, 0) == [last]
    assert days_to_score(date(2026, 2, 27), last, 99) == [date(2026, 2, 28), last]
    assert days_to_score(last, last, 0) == [last]
    assert days_to_score(date(2025, 1, 1), last, 0)[0] == last - timedelta(days=13)


def test_without_data_there_is_no_score(world: World) -> None:
    scored(world.database, 0)
    with world.database.session(after(0)) as session:
        rows = latest_scores(session)
        assert {row.score for row in rows.values()} == {None}
        found = glass_box(session, OSKELUND.key)
    assert found is not None
    assert found.row.band is None
    assert len(found.missing) == 9


def test_a_group_has_the_mean_of_its_accounts(world: World) -> None:
    database = world.database
    busy(database, range(60), company=OSKELUND)
    busy(database, range(60), range(1, 4), company=QUILLON)
    with database.session(after(0), writes=True) as session:
        group = Account(key="nord-group", name="Nord Group", created_at=after(0).now)
        session.add(group)
        session.flush()
        session.execute(
            update(Account)
            .where(Account.id.in_(world.accounts.values()))
            .values(parent_id=group.id)
        )
        session.commit()
    assert scored(database, 59) == 3
    with database.session(after(59)) as session:
        rows = latest_scores(session)
        first, second, third = (
            days_of(session, key)[day(59)] for key in (OSKELUND.key, QUILLON.key, "nord-group")
        )
        seats = OSKELUND.seats, QUILLON.seats
        exact = []
        for one in (first, second):
            weights = {name: USUAL_WEIGHTS[Component(name)] for name in one.values}
            points = sum(weights[name] * value for name, value in one.values.items())
            exact.append(points / sum(weights.values()))
        mean = sum(one * count for one, count in zip(exact, seats, strict=True)) / sum(seats)
        assert third.score == int(mean + 0.5)
        assert third.members == 2
        assert rows["nord-group"].score is not None
        found = glass_box(session, "nord-group")
        assert found is not None
        assert [one.key for one in found.members] == [OSKELUND.key, QUILLON.key]


def test_what_moved_since_last_week(world: World) -> None:
    database = world.database
    busy(database, range(70))
    busy(database, range(70, 77), range(1, 3))
    scored(database, 76, history=30)
    with database.session(after(76)) as session:
        found = glass_box(session, OSKELUND.key)
        assert found is not None
        assert found.since == day(69)
        moved = {one.component: one.points for one in found.moved}
        assert moved[Component.ACTIVITY] < 0
        assert found.row.score is not None
        assert found.row.before is not None
        total = sum(moved.values())
        assert abs(total - (found.row.score - found.row.before)) <= 1
        assert found.best is not None
        assert found.row.band in set(Band)


def test_a_day_that_is_made_again_keeps_its_model(world: World) -> None:
    database = world.database
    busy(database, range(60), range(1, 3))
    scored(database, 59)
    with database.session(after(59), writes=True) as session:
        session.add(
            HealthModel(
                weights={"": {"activity": 1}}, bands={}, created_at=NOW, activated_at=after(59).now
            )
        )
        session.commit()
    busy(database, range(56, 60), range(3, 7))
    assert scored(database, 59) == 1
    with database.session(after(59)) as session:
        assert days_of(session)[day(59)].model_id is None
    assert scored(database, 60) == 2
    with database.session(after(60)) as session:
        new = days_of(session)[day(60)]
        assert new.model_id is not None
        assert new.score == round(new.values["activity"])


def test_a_night_takes_as_many_statements_for_many_accounts_as_for_one(world: World) -> None:
    database = world.database
    busy(database, range(60))
    counts = []
    for count, more in ((59, 0), (60, 30)):
        with database.session(after(count), writes=True) as session:
            session.add_all(
                Account(key=f"more-{number}", name="More", created_at=NOW) for number in range(more)
            )
            session.commit()
        with counted(database) as sent:
            scored(database, count)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_night_follows_from_rollups_as_a_brute_force_says(world: World) -> None:
    """Login ratio, breadth, depth and the four weeks from single facts, counted one by one."""
    database = world.database
    comes = {1: range(20, 60), 2: range(40, 60, 2), 3: range(50)}
    for person, days in comes.items():
        busy(database, days, [person])
    scored(database, 59, history=40)
    with database.session(after(59)) as session:
        found = days_of(session)
    assert len(found) >= 36
    for count in range(24, 60):
        week = {one for one, days in comes.items() if set(days) & set(range(count - 6, count + 1))}
        month = {
            (one, back)
            for one, days in comes.items()
            for back in days
            if count - 29 <= back <= count
        }
        signals = found[day(count)].signals
        assert signals["login_ratio"] == pytest.approx(len(week) / 6)
        assert signals["breadth"] == pytest.approx(1 / 10)
        persons = len({one for one, _ in month})
        depth = min(1.0, len(month) / persons / (30 / 7) / 1.5)
        assert signals["depth"] == pytest.approx(depth / 10)


def test_groups_come_after_what_they_are_made_of() -> None:
    parents = {1: 2, 2: 3, 3: None, 4: 3, 5: None, 6: 7, 7: 6}
    assert inner_first([1], parents) == [1, 2, 3]
    assert inner_first([5, 3, 4], parents) == [5, 4, 3]
    assert inner_first([3, 2, 1], parents) == [1, 2, 3]
    assert inner_first([], parents) == []
    assert set(inner_first([6], parents)) == {6, 7}
