"""New, returning, resurrecting, dormant against a count from the bare events."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Invalid
from portal.models import Account
from portal.services.adoption import STATES, moved_persons, person_moves
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.services.adoption.test_retention import DAY, WEEK, weeks_of
from tests.usage.brute_force import Truth
from tests.usage.sample import NOW, ZONES, Sample, load_lists, make_sample, send_all


def expected(truth: Truth, monday: date) -> dict[str, set[str]]:
    states: dict[str, set[str]] = {name: set() for name in STATES}
    for person, weeks in weeks_of(truth).items():
        earlier = {week for week in weeks if week < monday}
        if monday in weeks and not earlier:
            states["new"].add(person)
        elif monday in weeks and monday - WEEK in weeks:
            states["returning"].add(person)
        elif monday in weeks:
            states["resurrecting"].add(person)
        elif monday - WEEK in weeks:
            states["dormant"].add(person)
    return states


@pytest.mark.parametrize("account", ZONES)
def test_every_week_is_exact(session: Session, sample: Sample, account: str) -> None:
    truth = Truth(sample, account, ZONES[account])
    found = person_moves(session, account, DAY, 9)
    told = dict.fromkeys(STATES, 0)
    for week in found.weeks:
        for name, persons in expected(truth, week.monday).items():
            assert getattr(week, name) == len(persons), (week.monday, name)
            told[name] += len(persons)
        sunday = week.monday + timedelta(days=6)
        assert week.active == len(truth.users(sunday, 7))
    assert all(told.values())


def test_over_the_leap_day(database: Database) -> None:
    leap = make_sample(seed=11, bursts=60, begin=datetime(2024, 2, 17, tzinfo=UTC))
    load_lists(database, leap)
    send_all(database, leap.events)
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test")) as session:
        for account, zone in ZONES.items():
            for week in person_moves(session, account, date(2024, 3, 31), 7).weeks:
                wanted = expected(Truth(leap, account, zone), week.monday)
                assert {name: getattr(week, name) for name in STATES} == {
                    name: len(persons) for name, persons in wanted.items()
                }


@pytest.mark.parametrize("state", STATES)
def test_persons_by_name(session: Session, truth: Truth, state: str) -> None:
    for back in range(6):
        day = date(2026, 4, 12) - WEEK * back
        listed = moved_persons(session, "acme", state, day)
        wanted = expected(truth, day - timedelta(days=6))[state]
        assert {one.external_id for one in listed} == wanted
        assert {one.external_id for one in listed if one.provisioned} <= set(truth.people)


def test_in_groups_nobody_is_named(session: Session) -> None:
    session.execute(update(Account).values(people_shown="groups"))
    assert not person_moves(session, "acme", DAY, 4).named
    assert all(moved_persons(session, "acme", state, DAY) == [] for state in STATES)


def test_a_state_that_is_none(session: Session) -> None:
    with pytest.raises(Invalid):
        moved_persons(session, "acme", "asleep", DAY)
