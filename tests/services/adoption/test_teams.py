"""Each team's figures against a count from the bare events of its persons."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.models import Account, Person, UsageNameDay
from portal.services.adoption import TeamFigures, show_adoption, show_team, show_teams
from tests.usage.brute_force import Truth
from tests.usage.sample import FEATURES, ZONES, Sample

DAY = date(2026, 4, 5)
WINDOW = 14


def put_into_teams(session: Session, account: str, sizes: dict[str, int]) -> dict[str, set[str]]:
    """The account's nine listed persons, in teams of those sizes."""
    wanted = select(Person).where(Person.external_id.like(f"{account}-%"))
    people = iter(session.scalars(wanted.order_by(Person.external_id)).all())
    made: dict[str, set[str]] = {}
    for team, size in sizes.items():
        for _ in range(size):
            person = next(people)
            person.team = team
            made.setdefault(team, set()).add(person.external_id)
    session.flush()
    return made


def check(truth: Truth, found: TeamFigures, persons: set[str], day: date) -> None:
    """Every figure of a team of those persons."""
    team = persons & truth.provisioned(day)
    users = {size: truth.users(day, size) & team for size in (1, 7, 30, WINDOW, 10_000)}
    daily = [len(truth.users(day - timedelta(days=back), 1) & team) for back in range(30)]
    assert found.persons == len(team)
    assert found.activated == len(users[10_000])
    assert found.active == len(users[WINDOW])
    assert (found.dau, found.wau[-1], found.mau[-1]) == tuple(len(users[n]) for n in (1, 7, 30))
    for back in range(WINDOW):
        past = day - timedelta(days=back)
        assert found.wau[-1 - back] == len(truth.users(past, 7) & team)
        assert found.mau[-1 - back] == len(truth.users(past, 30) & team)
    assert found.wau_before == len(truth.users(day - timedelta(days=7), 7) & team)
    assert found.login_ratio_7d == pytest.approx(len(users[7]) / len(team))
    assert found.login_ratio_30d == pytest.approx(len(users[30]) / len(team))
    assert found.activation_rate == pytest.approx(len(users[10_000]) / len(team))
    if users[30]:
        assert found.stickiness == pytest.approx(sum(daily) / 30 / len(users[30]))
    assert found.time_online_seconds == online(truth, team, day)
    assert uses(found) == used(truth, team, day)
    check_depth(truth, found, team, day)
    for week in found.weeks:
        assert week.active == len(truth.users(week.last, 7) & team)
        assert week.provisioned == len(team & truth.provisioned(week.last))


def check_depth(truth: Truth, found: TeamFigures, team: set[str], day: date) -> None:
    events = [event for event in truth.within(day, WINDOW) if event["userId"] in team]
    own = {one.key: one for one in found.features}
    for name, (key, _core, target) in FEATURES.items():
        users = [e["userId"] for e in events if (e.get("event") or e["name"]) == name]
        rate = len(users) / len({*users}) / (WINDOW / 7) / float(target) if users else 0
        assert own[key].uses == len(users)
        assert own[key].depth == pytest.approx(min(rate, 1))
    assert found.depth == pytest.approx(truth.features(events, WINDOW)[1])


def online(truth: Truth, team: Iterable[str], day: date) -> int:
    """As if there were nobody else."""
    alone = [event for event in truth.events if event["userId"] in set(team)]
    everybody, truth.events = truth.events, alone
    try:
        return truth.online(day, WINDOW)
    finally:
        truth.events = everybody


def uses(found: TeamFigures) -> dict[str, int]:
    return {one.key: one.persons for one in found.features}


def used(truth: Truth, team: set[str], day: date, *, each_day: bool = False) -> dict[str, int]:
    """Persons, or persons of each day added up."""
    events = [event for event in truth.within(day, WINDOW) if event["userId"] in team]
    return {
        key: len(
            {
                (e["userId"], truth.day(e) if each_day else None)
                for e in events
                if (e.get("event") or e["name"]) == name
            }
        )
        for name, (key, *_rest) in FEATURES.items()
    }


def as_of_many(alone: TeamFigures) -> TeamFigures:
    """What the list of all teams says of it."""
    return replace(alone, features=[replace(one, person_days=None) for one in alone.features])


@pytest.mark.parametrize("account", ZONES)
@pytest.mark.parametrize("day", [DAY, date(2026, 3, 9)])
def test_every_team_is_exact(session: Session, sample: Sample, account: str, day: date) -> None:
    teams = put_into_teams(session, account, {"North": 5, "South": 3, "": 1})
    truth = Truth(sample, account, ZONES[account])
    found = show_teams(session, account, day, WINDOW)
    assert {one.group.name for one in found.teams} == set(teams)
    for one in found.teams:
        check(truth, one, teams[one.group.name], day)
        (alone,) = show_team(session, account, one.group.name, day, WINDOW).teams
        team = teams[one.group.name] & truth.provisioned(day)
        assert {use.key: use.person_days for use in alone.features} == used(
            truth, team, day, each_day=True
        )
        assert as_of_many(alone) == one


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"North": 6, "South": 3}, [("", True)]),
        ({"North": 9}, [("North", False)]),
        ({"A": 2, "B": 2, "C": 2, "D": 3}, [("", True)]),
    ],
)
def test_no_small_team_can_be_worked_out(
    session: Session, truth: Truth, sizes: dict[str, int], shown: list[tuple[str, bool]]
) -> None:
    teams = put_into_teams(session, "acme", sizes)
    session.execute(update(Account).values(people_shown="groups"))
    found = show_teams(session, "acme", DAY, WINDOW)
    assert [(one.group.name, one.group.rest) for one in found.teams] == shown
    # Everybody set up is in one group, and each has five: what is left of the total is nobody.
    total = show_adoption(session, "acme", DAY, WINDOW).provisioned
    assert sum(one.persons for one in found.teams) == total
    assert all(one.persons >= 5 for one in found.teams)
    for one in found.teams:
        check(truth, one, set().union(*(teams[team] for team in one.group.teams)), DAY)
    if shown == [("", True)]:
        for name in sizes:
            with pytest.raises(NotFound):
                show_team(session, "acme", name, DAY, WINDOW)
        (rest,) = show_team(session, "acme", "", DAY, WINDOW, rest=True).teams
        assert [as_of_many(rest)] == found.teams


def test_too_few_people_are_not_shown(session: Session) -> None:
    put_into_teams(session, "acme", {"North": 9})
    session.execute(update(Account).values(people_shown="groups"))
    session.execute(
        update(Person).where(Person.external_id > "acme-4").values(active_until=date(2026, 3, 30))
    )
    found = show_teams(session, "acme", DAY)
    assert (found.too_few, found.teams) == (True, [])


def test_a_team_that_is_none(session: Session) -> None:
    with pytest.raises(NotFound):
        show_team(session, "acme", "Nobody", DAY)


def test_whose_the_uses_of_an_older_release_were_nobody_knows(
    session: Session, truth: Truth
) -> None:
    """But of who was there alone, and of who was not there at all."""
    teams = put_into_teams(session, "acme", {"North": 5, "South": 4})
    session.execute(update(UsageNameDay).values(repeats=None))
    found = {one.group.name: one for one in show_teams(session, "acme", DAY, WINDOW).teams}
    known = set()
    for name, (key, *_rest) in FEATURES.items():
        days: dict[date, list[str]] = {}
        for event in truth.within(DAY, WINDOW):
            if (event.get("event") or event["name"]) == name:
                days.setdefault(truth.day(event), []).append(event["userId"])
        for team, persons in teams.items():
            mixed = any(
                len(users) > len({*users}) and 0 < len({*users} & persons) < len({*users})
                for users in days.values()
            )
            uses = sum(user in persons for users in days.values() for user in users)
            (one,) = (use for use in found[team].features if use.key == key)
            assert one.uses == (None if mixed else uses)
            known.add(mixed)
    assert None in {one.depth for one in found.values()}
    assert True in known
