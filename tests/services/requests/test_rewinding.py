"""After a change of levels what is due is as if the new level had stood all along."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.requests import State
from portal.models import Request, ServiceCalendar
from portal.services.requests.levels import LevelText, save_levels
from portal.services.requests.moving import move_request
from portal.services.requests.rewinding import open_requests, rewind_requests
from portal.services.requests.talking import write_message
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, MARA, NOW, OSKELUND, PIA, build_world

ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
Dues = list[tuple[datetime | None, ...]]


@pytest.fixture
def town(database: Database) -> Town:
    world = build_world(database)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(ServiceCalendar(key="all", name="Always", zone="UTC", hours=ALWAYS))
        session.commit()
    return Town(world, MONDAY)


def promise(town: Town, first: int, update: int, solution: int) -> None:
    level = LevelText("all", first, update, solution)
    assert town.call(PAUL, save_levels, OSKELUND.tier, {"": level})


def live(town: Town) -> list[str]:
    """New, answered, asked back, and asked back and answered again by the customer; hours apart."""
    keys = [town.hand_in(INGRID, title=f"Number {number}") for number in range(4)]
    town.later(hours=2)
    town.call(MARA, write_message, keys[1], "We look at it")
    for key in keys[2:]:
        town.call(MARA, move_request, key, State.CLARIFYING)
    town.later(hours=3)
    town.call(PIA, write_message, keys[3], "Twelve of them")
    town.later(hours=1)
    return keys


def dues(town: Town, keys: list[str]) -> Dues:
    wanted = select(
        Request.key,
        Request.first_due_at,
        Request.update_due_at,
        Request.solution_due_at,
        Request.next_due_at,
        Request.paused_at,
    )
    with town.session(PAUL) as session:
        found = {key: tuple(moments) for key, *moments in session.execute(wanted)}
    return [found[key] for key in keys]


def rewind(town: Town) -> None:
    with town.world.database.session(system_scope(town.now, "job"), writes=True) as session:
        ids = open_requests(session, OSKELUND.tier)
        assert rewind_requests(session, ids) == len(ids)


def test_the_same_level_changes_nothing(town: Town) -> None:
    promise(town, 60, 480, 960)
    keys = live(town)
    before = dues(town, keys)
    assert None not in {before[0][0], before[1][1], before[3][1]}
    rewind(town)
    assert dues(town, keys) == before
    rewind(town)
    assert dues(town, keys) == before


def test_another_level_counts_as_if_it_had_stood_all_along(town: Town) -> None:
    promise(town, 60, 480, 960)
    keys = live(town)
    promise(town, 120, 600, 1200)
    rewind(town)
    hour = timedelta(hours=1)
    new, answered, waiting, back = dues(town, keys)
    assert new == (MONDAY + 2 * hour, None, MONDAY + 20 * hour, MONDAY + 2 * hour, None)
    assert answered[1:4] == (MONDAY + 12 * hour, MONDAY + 20 * hour, MONDAY + 12 * hour)
    assert waiting[3:] == (None, MONDAY + 2 * hour)
    # Three hours were the customer's.
    assert back[1:] == (MONDAY + 15 * hour, MONDAY + 23 * hour, MONDAY + 15 * hour, None)


def test_a_level_that_is_new_and_one_that_has_gone(town: Town) -> None:
    keys = live(town)
    assert dues(town, keys)[0] == (None,) * 5
    promise(town, 60, 480, 960)
    rewind(town)
    assert dues(town, keys)[0][3] == MONDAY + timedelta(hours=1)
    assert dues(town, keys)[2][3:] == (None, MONDAY + timedelta(hours=2))
    assert town.call(PAUL, save_levels, OSKELUND.tier, {})
    rewind(town)
    assert {row[3] for row in dues(town, keys)} == {None}
