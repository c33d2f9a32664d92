"""Lists are walked page by page while others come in: nothing twice, nothing left out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.db import Database
from portal.models import Request, SharedRequest
from portal.services.keyset import Mark, Page
from portal.services.requests import changelog, listing, roadmap, shared_list
from portal.services.requests.changelog import read_changelog
from portal.services.requests.listing import RequestQuestion, find_requests
from portal.services.requests.roadmap import RoadmapQuestion, Stage, read_roadmap
from portal.services.requests.shared_list import SharedQuestion, SharedTab, find_shared
from portal.tenancy import system_scope
from tests.blueprints.usage import counted
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, build_world

SIZE = 3
Look = Callable[[Mark | None], tuple[list[str], Page]]


@pytest.fixture
def town(database: Database, monkeypatch: pytest.MonkeyPatch) -> Town:
    for module in (changelog, listing, roadmap, shared_list):
        monkeypatch.setattr(module, "PAGE_SIZE", SIZE)
    return Town(build_world(database))


def write(town: Town, rows: list[Any]) -> None:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.add_all(rows)
        session.commit()


def own(town: Town, number: int) -> Request:
    """Neighbours share what is sorted by, and some of it is empty."""
    return Request(
        key=f"own-{number}",
        code=f"R-{number:05}",
        account_id=town.world.accounts["oskelund-foods"],
        requester_id=town.world.users[INGRID][0] if number % 2 else None,
        kind="need",
        title=f"Nümber~{number % 4}\u00a0of",
        told={},
        text="",
        locale="en",
        voters=number % 3,
        state="released" if number % 5 == 0 else "submitted",
        next_due_at=town.now + timedelta(hours=number % 4) if number % 3 else None,
        created_at=town.now - timedelta(hours=number % 7),
        updated_at=town.now - timedelta(minutes=number // 2),
    )


def shared(town: Town, number: int, state: str) -> SharedRequest:
    released = town.now - timedelta(days=number // 2)
    return SharedRequest(
        key=f"shared-{number}",
        code=f"S-{number:05}",
        kind="need",
        state=state,
        people=number % 3,
        accounts=number % 2,
        target_on=date(2027, 1 + number % 3, 1) if number % 4 else None,
        published_at=town.now,
        released_at=released if state == "released" else None,
        created_at=town.now,
        updated_at=town.now - timedelta(hours=number % 5),
    )


def walk(look: Look, *, between: Callable[[], None]) -> tuple[list[str], list[Page]]:
    found, place = look(None)
    pages = [place]
    while place.following:
        between()
        more, place = look(place.following)
        assert more
        found += more
        pages.append(place)
    return found, pages


def companys(town: Town, question: RequestQuestion) -> Look:
    def look(mark: Mark | None) -> tuple[list[str], Page]:
        page = town.call(INGRID, find_requests, replace(question, mark=mark))
        return [row.key for row in page.rows], page.place

    return look


@pytest.mark.parametrize("sort", ["waiting", *listing.SORTS])
@pytest.mark.parametrize("descending", [False, True])
def test_the_companys_requests(town: Town, sort: str, *, descending: bool) -> None:
    there = {f"own-{number}" for number in range(11)}
    write(town, [own(town, number) for number in range(11)])
    look = companys(town, RequestQuestion(sort=sort, descending=descending))
    new = iter(range(100, 200))
    found, pages = walk(look, between=lambda: write(town, [own(town, next(new))]))
    assert there <= set(found)
    assert len(found) == len(set(found))
    back = pages[-1].back
    assert back is not None
    before, place = look(back)
    last = len(found) % SIZE or SIZE
    assert (before[-1], bool(place.following)) == (found[-last - 1], True)


def test_in_the_order_that_was_asked_for(town: Town) -> None:
    rows = [own(town, number) for number in range(11)]
    wanted = sorted(
        range(11), key=lambda one: (rows[one].next_due_at is None, rows[one].next_due_at, -one)
    )
    keys = [f"own-{number}" for number in wanted]
    write(town, rows)
    found, _pages = walk(companys(town, RequestQuestion(sort="next")), between=lambda: None)
    assert found == keys


@pytest.mark.parametrize("sort", list(shared_list.SORTS))
def test_shared_ones(town: Town, sort: str) -> None:
    write(town, [shared(town, number, "submitted") for number in range(10)])
    for descending in (True, False):

        def look(mark: Mark | None, down: bool = descending) -> tuple[list[str], Page]:  # noqa: FBT001 # bound here
            asked = SharedQuestion(SharedTab.WEIGHED, sort=sort, descending=down, mark=mark)
            page = town.call(PAUL, find_shared, asked)
            return [row.key for row in page.rows], page.place

        found, _pages = walk(look, between=lambda: None)
        assert sorted(found) == sorted(f"shared-{number}" for number in range(10))


@pytest.mark.parametrize(
    ("stage", "state"),
    [(Stage.PLANNED, "planned"), (Stage.RELEASED, "released"), (Stage.WEIGHED, "submitted")],
)
def test_the_roadmap(town: Town, stage: Stage, state: str) -> None:
    write(town, [shared(town, number, state) for number in range(10)])
    new = iter(range(100, 200))

    def look(mark: Mark | None) -> tuple[list[str], Page]:
        page = town.call(INGRID, read_roadmap, RoadmapQuestion(stage=stage, mark=mark))
        assert page.place
        return [item.key for item in page.items[stage]], page.place

    found, _pages = walk(look, between=lambda: write(town, [shared(town, next(new), state)]))
    assert {f"shared-{number}" for number in range(10)} <= set(found)
    assert len(found) == len(set(found))


def test_what_is_new_and_what_it_costs(town: Town) -> None:
    write(town, [shared(town, number, "released") for number in range(10)])

    def look(mark: Mark | None) -> tuple[list[str], Page]:
        page = town.call(INGRID, read_changelog, "", mark)
        return [one.items[0].key for one in page.rows], page.place

    found, pages = walk(look, between=lambda: None)
    days = {f"shared-{number}": number // 2 for number in range(10)}
    assert found == sorted(days, key=lambda key: (-days[key], key), reverse=True)
    costs = []
    for mark in (None, pages[1].following):
        with counted(town.world.database) as statements:
            look(mark)
        costs.append(len(statements))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    "place",
    [
        *((), ("x",), ("x", 1), (1, "x", 3), (0, "2026-11-21", 1), ("a", "b", "c"), (0, 1, 2)),
        (0, "0001-01-01T00:00:00+14:00", 1),
    ],
)
def test_a_mark_of_another_list_is_the_beginning(town: Town, place: tuple[Any, ...]) -> None:
    write(town, [own(town, number) for number in range(5)])
    first = town.call(INGRID, find_requests, RequestQuestion())
    again = town.call(INGRID, find_requests, RequestQuestion(mark=Mark(place)))
    assert [row.key for row in again.rows] == [row.key for row in first.rows]
    assert again.place.back is None
