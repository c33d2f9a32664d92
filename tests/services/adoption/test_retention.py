"""Retention against a count from the bare events, without the engine's code."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Invalid
from portal.models import Account
from portal.services.adoption import cohort_retention
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.usage.brute_force import Truth
from tests.usage.sample import NOW, ZONES, Sample, load_lists, make_sample, send_all

DAY = date(2026, 4, 15)
WEEK = timedelta(days=7)


def weeks_of(truth: Truth) -> dict[str, set[date]]:
    """Person → Mondays of the weeks with an event, each moment looked up on the wall there."""
    weeks: dict[str, set[date]] = {}
    for event in truth.events:
        day = truth.day(event)
        monday = date.fromisocalendar(*day.isocalendar()[:2], 1)
        weeks.setdefault(event["userId"], set()).add(monday)
    return weeks


def expected(truth: Truth, monday: date, last: date) -> list[int]:
    """Active persons of the cohort in week 0, 1, … up to the week of `last`."""
    cohort = [weeks for weeks in weeks_of(truth).values() if min(weeks) == monday]
    count = (last - monday).days // 7 + 1
    return [sum(monday + WEEK * k in weeks for weeks in cohort) for k in range(count)]


@pytest.mark.parametrize("account", ZONES)
@pytest.mark.parametrize("day", [DAY, date(2026, 4, 12), date(2026, 3, 22)])
def test_every_cell_is_exact(session: Session, sample: Sample, account: str, day: date) -> None:
    truth = Truth(sample, account, ZONES[account])
    found = cohort_retention(session, account, day, 8)
    last = found.basis.last
    assert last.weekday() == 6
    assert 0 <= (day - last).days < 7
    for cohort in found.cohorts:
        assert cohort.active == expected(truth, cohort.monday, last)
        assert cohort.persons == cohort.active[0]
    assert sum(cohort.persons for cohort in found.cohorts) > 0
    shown = [cohort for cohort in found.cohorts if cohort.persons]
    for week, one in enumerate(found.overall):
        some = [cohort for cohort in shown if len(cohort.active) > week]
        assert one.active == sum(cohort.active[week] for cohort in some)
        assert one.persons == sum(cohort.persons for cohort in some)


@pytest.fixture(scope="module")
def leap() -> Sample:
    """Over Feb 29 and the day New York's clocks went forward (10 March 2024)."""
    return make_sample(seed=11, bursts=60, begin=datetime(2024, 2, 17, tzinfo=UTC))


def test_over_the_leap_day(database: Database, leap: Sample) -> None:
    load_lists(database, leap)
    send_all(database, leap.events)
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test")) as session:
        for account, zone in ZONES.items():
            found = cohort_retention(session, account, date(2024, 3, 31), 7)
            for cohort in found.cohorts:
                wanted = expected(Truth(leap, account, zone), cohort.monday, date(2024, 3, 31))
                assert cohort.active == wanted
            assert date(2024, 2, 26) in [one.monday for one in found.cohorts if one.persons]


def test_a_cohort_from_before_the_weeks_shown_is_no_new_one(session: Session) -> None:
    few, many = (cohort_retention(session, "acme", DAY, weeks) for weeks in (3, 8))
    assert few.cohorts == many.cohorts[-3:]


def test_small_cohorts_are_held_back_in_groups(session: Session, truth: Truth) -> None:
    session.execute(update(Account).values(people_shown="groups"))
    found = cohort_retention(session, "acme", DAY, 8)
    held = [cohort for cohort in found.cohorts if cohort.protected]
    assert held
    assert all((cohort.persons, cohort.active) == (0, []) for cohort in held)
    began = [min(weeks) for weeks in weeks_of(truth).values()]
    for cohort in found.cohorts:
        if not cohort.protected:
            assert cohort.persons == began.count(cohort.monday)
            assert cohort.persons == 0 or cohort.persons >= 5
    assert found.as_json()["cohorts"][found.cohorts.index(held[0])]["persons"] is None


def test_without_any_event(session: Session) -> None:
    found = cohort_retention(session, "acme", date(2026, 2, 1), 4)
    assert found.basis.coverage_days == 0
    assert [cohort.persons for cohort in found.cohorts] == [0] * 4
    assert found.overall == []


@pytest.mark.parametrize("weeks", [0, -1, 105])
def test_weeks_that_cannot_be(session: Session, weeks: int) -> None:
    with pytest.raises(Invalid):
        cohort_retention(session, "acme", DAY, weeks)
