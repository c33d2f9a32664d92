"""A group's best step against every step of every account of it, tried one by one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.health import USUAL_WEIGHTS, Component, Signals, values_of
from portal.models import Account, HealthDay
from portal.services.health import glass_box
from portal.services.health.due import due_accounts
from portal.services.health.scoring import score_accounts
from tests.services.alerts.nights import after, busy, day
from tests.world import OSKELUND, QUILLON, World, build_world

SEATS = {OSKELUND.key: OSKELUND.seats, QUILLON.key: QUILLON.seats}


@pytest.fixture
def world(database: Database) -> World:
    """A group of two, in a group of its own."""
    world = build_world(database)
    with database.session(after(0), writes=True) as session:
        outer = Account(key="outer", name="Outer Group", created_at=after(0).now)
        session.add(outer)
        session.flush()
        group = Account(key="group", name="Group", parent_id=outer.id, created_at=after(0).now)
        session.add(group)
        session.flush()
        mine = Account.id.in_(world.accounts.values())
        session.execute(update(Account).where(mine).values(parent_id=group.id))
        session.commit()
    return world


def scored(database: Database) -> None:
    with database.session(after(59)) as session:
        due = due_accounts(session)
    with database.session(after(59), writes=True) as session:
        score_accounts(session, due)


def points(signals: Signals) -> float:
    known = {one: value for one, value in values_of(signals).items() if value is not None}
    total = sum(USUAL_WEIGHTS[one] for one in known)
    return sum(USUAL_WEIGHTS[one] * value for one, value in known.items()) / total


def steps(signals: Signals) -> Iterator[Signals]:
    wider = (signals.breadth or 0) + 1 / (signals.core_features or 1)
    yield replace(signals, login_ratio=max(0.8, signals.login_ratio or 0))
    yield replace(signals, breadth=min(wider, 1.0))
    yield replace(signals, depth=1.0)
    yield replace(signals, seat_use=1.0)


def tried(session: Session) -> tuple[float, str]:
    """The most points of the group that one step of one account adds, and which account's."""
    wanted = select(Account.key, HealthDay.signals).join(
        HealthDay, (HealthDay.account_id == Account.id) & (HealthDay.day == day(59))
    )
    signals = {key: Signals(**kept) for key, kept in session.execute(wanted).all() if key in SEATS}
    all_seats = sum(seats for seats in SEATS.values() if seats)
    return max(
        ((points(after) - points(now)) * (SEATS[key] or 0) / all_seats, key)
        for key, now in signals.items()
        for after in steps(now)
    )


@pytest.mark.parametrize(
    ("oskelund", "quillon"),
    [(range(1, 3), range(1, 7)), (range(1, 7), range(1, 2)), (range(1, 4), range(1, 4))],
)
def test_of_all_steps_of_its_accounts_the_best_is_named(
    world: World, oskelund: range, quillon: range
) -> None:
    database = world.database
    busy(database, range(60), oskelund)
    busy(database, range(60), quillon, company=QUILLON)
    scored(database)
    with database.session(after(59)) as session:
        gain, key = tried(session)
        for group in ("group", "outer"):
            found = glass_box(session, group)
            assert found is not None
            assert found.best is not None
            assert found.best.key == key
            assert found.best.change.gain == pytest.approx(gain)
            assert found.best.share == pytest.approx(SEATS[key] / sum(SEATS.values()))


def test_a_group_of_which_nothing_is_known_has_none(world: World) -> None:
    scored(world.database)
    with world.database.session(after(59)) as session:
        found = glass_box(session, "group")
    assert found is not None
    assert Component.ACTIVITY in found.missing
    assert found.best is None
