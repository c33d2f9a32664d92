"""Persons by name, or in groups of at least five."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.models import Account, Person
from portal.services.adoption import (
    people_use,
    show_adoption,
    team_use,
)
from portal.services.adoption.active import count_active
from tests.usage.brute_force import Truth

DAY = date(2026, 4, 5)


def test_persons_by_name(session: Session, truth: Truth) -> None:
    people = people_use(session, "acme", DAY, 14, page_size=4)
    assert people.named
    assert (people.page, people.pages) == (1, -(-people.total // 4))
    assert people.provisioned == len(truth.provisioned(DAY))
    seen = truth.users(DAY, 14)
    assert people.active == len(seen & truth.provisioned(DAY))
    assert people.unprovisioned == len(seen - truth.provisioned(DAY)) > 0
    best = people.rows[0]
    own = [e for e in truth.within(DAY, 14) if e["userId"] == best.external_id]
    assert best.active_days == len({truth.day(e) for e in own})
    assert [row.active_days for row in people.rows] == sorted(
        (row.active_days for row in people.rows), reverse=True
    )


def test_who_is_not_set_up_is_none_of_those_who_are(session: Session, truth: Truth) -> None:
    listed = truth.provisioned(DAY)
    month, run = truth.users(DAY, 30), truth.users(DAY, 14)
    assert run - listed
    assert count_active(session, "acme", DAY - timedelta(days=13), DAY) == len(run & listed)
    now = show_adoption(session, "acme", DAY)
    assert now.mau == len(month)
    assert now.mau_provisioned == len(month & listed)


def test_time_online_of_persons_adds_up(session: Session, truth: Truth) -> None:
    people = people_use(session, "acme", DAY, 14, sort="time_online_seconds", page_size=100)
    assert sum(row.time_online_seconds or 0 for row in people.rows) == truth.online(DAY, 14)


@pytest.mark.parametrize("sort", ["name", "team", "last_day", "active_days", "features"])
def test_orders_of_persons(session: Session, sort: str) -> None:
    up = people_use(session, "acme", DAY, sort=sort, descending=False, page_size=100)
    values = [
        getattr(row, sort) or date.min if sort == "last_day" else getattr(row, sort)
        for row in up.rows
    ]
    if sort != "name":
        assert values == sorted(values)
    with pytest.raises(Invalid):
        people_use(session, "acme", DAY, sort="password")


def test_finding_a_person(session: Session) -> None:
    found = people_use(session, "acme", DAY, search="ACME-4")
    assert [row.external_id for row in found.rows] == ["acme-4"]
    assert found.total == 1
    assert people_use(session, "acme", DAY, page=99).page == 1


def _teams(session: Session, sizes: dict[str, int]) -> None:
    """Puts acme's nine persons into teams and switches names off."""
    people = iter(session.scalars(select(Person).order_by(Person.external_id)).all()[:9])
    for team, size in sizes.items():
        for _ in range(size):
            next(people).team = team
    session.execute(update(Account).values(people_shown="groups"))
    session.flush()


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"A": 9}, [("A", False, 8)]),
        ({"A": 6, "B": 3}, [("", True, 8)]),
        ({"A": 2, "B": 2, "C": 2, "D": 3}, [("", True, 8)]),
    ],
)
def test_groups_of_at_least_five(
    session: Session, sizes: dict[str, int], expected: list[Any]
) -> None:
    # One of the nine, acme-3, has left by then.
    _teams(session, sizes)
    people = people_use(session, "acme", DAY, search="acme-4")
    assert not people.named
    assert people.rows == []
    assert [(one.team, one.rest, one.persons) for one in people.groups] == expected
    assert [(one.team, one.rest, one.persons) for one in team_use(session, "acme", DAY)] == expected


def test_fewer_than_five_are_not_shown_at_all(session: Session) -> None:
    _teams(session, {"A": 9})
    session.execute(
        update(Person).where(Person.external_id > "acme-4").values(active_until=date(2026, 3, 30))
    )
    people = people_use(session, "acme", DAY)
    assert (people.too_few, people.groups, people.rows) == (True, [], [])


def test_teams_by_name_where_names_are_shown(session: Session) -> None:
    people = session.scalars(select(Person).where(Person.external_id.like("acme-%"))).all()
    for person in people:
        person.team = "Night" if person.external_id == "acme-1" else "Day"
    session.flush()
    teams = team_use(session, "acme", DAY)
    assert [(team.team, team.persons) for team in teams] == [("Day", 7), ("Night", 1)]
    assert all(0 <= team.share <= 1 for team in teams)
