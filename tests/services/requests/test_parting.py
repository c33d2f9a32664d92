"""Merges of all three kinds, made and undone in any order: at each step what leads where, and how
many stand behind it, is what the merges that stand say; after the last of them all is as before.

What leads where is worked out anew by replaying, the totals are counted from the rows of votes.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, NotFound
from portal.domain.requests import State, Visibility
from portal.models import Request, RequestMerge, RequestVote, SharedRequest
from portal.services.requests.joining import join_shared
from portal.services.requests.links import below, root_of
from portal.services.requests.merging import join_family, merge_requests, merge_shared
from portal.services.requests.parting import undo_merge
from portal.services.requests.shared_page import merges_of_request, work_on_shared
from portal.services.requests.sharing import move_shared
from portal.services.requests.voices import vote
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, PIA, build_world

SAME = ("state", "shared_id", "merged_into_id", "decided_at", "released_at", "settled_at")
WAYS = ((), (State.CLARIFYING,), (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT))
NUMBER = st.integers(0, 3)
ACT = st.sampled_from(["request", "request", "family", "family", "shared", "join", "vote", "undo"])
ACTS = st.lists(st.tuples(ACT, NUMBER, NUMBER), min_size=8, max_size=12)


class Place:
    """Four requests of one account and one of another, and four shared ones, each at its place."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.asked = [town.hand_in(who) for who in (INGRID, PIA, INGRID)]
        self.asked.append(town.hand_in(PIA, visibility=Visibility.PRIVATE))
        self.theirs = town.hand_in(ELIF)
        self.shared = [town.share() for _one in range(4)]
        for key, way in zip(self.shared, [*WAYS, ()], strict=True):
            for state in way:
                town.call(PAUL, move_shared, key, state)

    def rows(self, *wanted: Any) -> list[Any]:
        with self.town.world.database.session(system_scope(self.town.now, "test")) as session:
            return list(session.execute(select(*wanted)).all())

    def standing(self) -> list[str]:
        """Keys of the merges that nobody has undone, the oldest first."""
        rows = self.rows(RequestMerge.key, RequestMerge.id, RequestMerge.undone_at)
        rows = sorted(rows, key=lambda row: row.id)
        return [row.key for row in rows if row.undone_at is None]

    def as_it_stands(self) -> dict[str, tuple[Any, ...]]:
        rows = self.rows(Request.key, *(getattr(Request, name) for name in SAME))
        return {row[0]: tuple(row[1:]) for row in rows}

    def do(self, act: str, one: int, other: int) -> None:
        town, undone = self.town, self.standing()
        mine, family = self.asked[one], self.shared[other]
        acts: dict[str, Callable[[], Any]] = {
            "request": lambda: town.call(MARA, merge_requests, mine, self.asked[other]),
            "family": lambda: town.call(PAUL, join_family, (mine, self.theirs)[one == 0], family),
            "shared": lambda: town.call(PAUL, merge_shared, self.shared[one], family),
            "join": lambda: town.call((ELIF, PIA)[one % 2], join_shared, family),
            "vote": lambda: town.call((PIA, INGRID)[other % 2], vote, mine),
            "undo": lambda: undone and town.call(PAUL, undo_merge, undone[one % len(undone)]),
        }
        with suppress(Conflict, NotFound):
            acts[act]()


def check(place: Place) -> None:
    """The links are those of the merges that stand; the totals those of the votes."""
    merges = place.rows(
        RequestMerge.kind, RequestMerge.from_id, RequestMerge.into_id, RequestMerge.undone_at
    )
    leads = {(one.kind, one.from_id): one.into_id for one in merges if one.undone_at is None}
    requests = place.rows(Request.id, Request.merged_into_id, Request.shared_id, Request.voters)
    shared = place.rows(
        SharedRequest.id, SharedRequest.merged_into_id, SharedRequest.people, SharedRequest.accounts
    )
    for kind, rows in (("request", requests), ("shared", shared)):
        for row in rows:
            assert (row.merged_into_id or row.id) == end(leads, kind, row.id)
    for row in requests:
        linked_to = leads.get(("family", row.id))
        if linked_to is not None:
            assert row.shared_id == end(leads, "shared", linked_to)
    check_totals(place, requests, shared)


def end(leads: dict[tuple[str, int], int], kind: str, one: int) -> int:
    for _step in range(len(leads)):
        one = leads.get((kind, one), one)
    return one


def check_totals(place: Place, requests: list[Any], shared: list[Any]) -> None:
    root = {row.id: row.merged_into_id or row.id for row in requests}
    family = {row.id: row.shared_id for row in requests}
    account = dict(tuple(row) for row in place.rows(Request.id, Request.account_id))
    behind, people, accounts = defaultdict(set), defaultdict(set), defaultdict(set)
    for request_id, user_id in place.rows(RequestVote.request_id, RequestVote.user_id):
        behind[root[request_id]].add(user_id)
        people[family[root[request_id]]].add(user_id)
    for one, of in account.items():
        accounts[family[root[one]]].add(of)
    assert {row.id: row.voters for row in requests if root[row.id] == row.id} == {
        row.id: len(behind[row.id]) for row in requests if root[row.id] == row.id
    }
    for row in shared:
        assert (row.people, row.accounts) == (len(people[row.id]), len(accounts[row.id]))


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


@pytest.fixture
def place(sqlite_database: Database) -> Place:
    return Place(Town(build_world(sqlite_database)))


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ACTS, st.lists(st.integers(0, 11), min_size=12, max_size=12))
def test_in_whatever_order_they_are_undone(place: Place, acts: list[Any], order: list[int]) -> None:
    """What an account has joined meanwhile stays where it was joined, so it is not compared."""
    before = place.as_it_stands()
    for act in acts:
        place.do(*act)
        check(place)
    for number in order:
        left = place.standing()
        if left:
            place.town.call(PAUL, undo_merge, left[number % len(left)])
            check(place)
    after = place.as_it_stands()
    assert {key: after[key] for key in before} == before


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_first_of_a_row_of_merges_is_undone_alone(
    town: Town, order: tuple[int, int, int]
) -> None:
    place = Place(town)
    before = place.as_it_stands()
    one, two, three, _private = place.asked
    merges = [
        town.call(MARA, merge_requests, one, two),
        town.call(MARA, merge_requests, two, three),
        town.call(PAUL, join_family, three, place.shared[1]),
    ]
    check(place)
    for number in order:
        town.call(PAUL, undo_merge, merges[number])
        check(place)
    assert place.as_it_stands() == before


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_families_part_in_any_order(town: Town, order: tuple[int, int, int]) -> None:
    place = Place(town)
    joined = town.call(ELIF, join_shared, place.shared[0])
    before = place.as_it_stands()
    merges = [
        town.call(PAUL, join_family, place.asked[0], place.shared[0]),
        town.call(PAUL, merge_shared, place.shared[0], place.shared[1]),
        town.call(PAUL, merge_shared, place.shared[1], place.shared[2]),
    ]
    assert town.state(joined) == State.IN_DEVELOPMENT
    assert town.totals(place.shared[2]) == (2, 2)
    listed = town.call(PAUL, work_on_shared, place.shared[2])
    assert {one.key for one in listed.merges} == {*merges}
    assert [one.merge for one in listed.members if not one.joined] == [merges[0]]
    check(place)
    for number in order:
        town.call(PAUL, undo_merge, merges[number])
        check(place)
    assert place.as_it_stands() == before


def test_who_came_anew_stays_when_the_others_part(town: Town) -> None:
    place = Place(town)
    first = town.call(PAUL, join_family, place.theirs, place.shared[0])
    merged = town.call(PAUL, merge_shared, place.shared[0], place.shared[1])
    town.call(PAUL, undo_merge, first)
    town.call(PAUL, join_family, place.theirs, place.shared[1])
    town.call(PAUL, undo_merge, merged)
    check(place)
    assert (town.totals(place.shared[0]), town.totals(place.shared[1])) == ((0, 0), (1, 1))


def test_each_merge_is_listed_with_what_stands_for_it(town: Town) -> None:
    place = Place(town)
    one, two, three, _private = place.asked
    merges = {
        town.call(MARA, merge_requests, one, two),
        town.call(MARA, merge_requests, two, three),
    }
    ((number,),) = [row[1:] for row in place.rows(Request.key, Request.id) if row.key == three]
    listed = town.call(MARA, merges_of_request, number)
    assert {row.key for row in listed} == merges


def test_what_leads_in_a_circle_ends() -> None:
    """No merge makes one; data that was brought from elsewhere may."""
    assert root_of({1: 1}, 1) == 1
    assert root_of({1: 2, 2: 1, 3: 1}, 3) in {1, 2}
    assert below({1: 1, 2: 1, 3: 2}, 1) == [2, 3]
    assert below({1: 2, 2: 1}, 1) == [2]
