"""The same done to many, and undone for those not changed since."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import NotFound
from portal.domain.requests import State
from portal.models import Request, RequestConfirmation, RequestMerge
from portal.services.requests.bulk import assign_all, merge_all, move_all, undo_all
from portal.services.requests.moving import move_request
from portal.services.requests.parting import undo_merge
from portal.services.requests.shared_page import work_on_shared
from portal.services.requests.showing import show_request
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, PIA, build_world

SAME = ("state", "assignee_id", "release", "released_at", "decided_at", "answered_at", "settled_at")


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def record_of(town: Town, key: str) -> tuple[Any, ...]:
    with town.world.database.session(system_scope(town.now, "test")) as session:
        row = session.scalars(select(Request).where(Request.key == key)).one()
        return tuple(getattr(row, name) for name in SAME)


def test_those_that_cannot_go_are_named_and_left(town: Town) -> None:
    new, clear = town.hand_in(INGRID), town.hand_in(ELIF)
    town.call(PAUL, move_request, clear, State.CLARIFYING)
    outcome = town.call(PAUL, move_all, [new, clear, clear, "gone"], State.PLANNED)
    assert outcome.done == 1
    assert [one.failure.code for one in outcome.left] == ["no-such-move"]
    assert (town.state(new), town.state(clear)) == (State.SUBMITTED, State.PLANNED)


def test_a_reason_that_is_owed_is_asked_of_each(town: Town) -> None:
    key = town.hand_in(INGRID)
    town.call(PAUL, move_request, key, State.CLARIFYING)
    assert town.call(PAUL, move_all, [key], State.DECLINED).left[0].failure.code == "reason-missing"
    assert town.call(PAUL, move_all, [key], State.DECLINED, "It is there").done == 1


def test_undone_exactly_but_for_what_was_changed_since(town: Town) -> None:
    keys = [town.hand_in(INGRID), town.hand_in(ELIF), town.hand_in(INGRID, title="Third")]
    before = {key: record_of(town, key) for key in keys}
    town.later(hours=1)
    moved = town.call(PAUL, move_all, keys, State.CLARIFYING)
    given = town.call(PAUL, assign_all, keys, town.world.keys[PAUL])
    assert (moved.done, given.done) == (3, 3)
    assert town.call(PAUL, undo_all, moved.key).done == 0
    town.later(hours=1)
    town.call(PAUL, move_request, keys[2], State.PLANNED)
    undone = town.call(PAUL, undo_all, given.key)
    assert (undone.done, len(undone.left)) == (2, 1)
    assert town.call(PAUL, undo_all, given.key).done == 0
    for key in keys[:2]:
        assert record_of(town, key)[1] is None
        assert town.state(key) is State.CLARIFYING
    assert town.state(keys[2]) is State.PLANNED
    again = town.call(PAUL, move_all, keys[:2], State.PLANNED)
    state = {key: record_of(town, key) for key in keys[:2]}
    assert town.call(PAUL, undo_all, again.key).done == 2
    for key in keys[:2]:
        assert record_of(town, key)[0] == State.CLARIFYING.value != before[key][0]
        assert record_of(town, key) != state[key]
        assert record_of(town, key)[4] is None


def test_a_first_move_undone_leaves_no_trace_in_what_is_due(town: Town) -> None:
    key = town.hand_in(INGRID)
    before = record_of(town, key)
    town.later(hours=1)
    moved = town.call(PAUL, move_all, [key], State.CLARIFYING)
    assert record_of(town, key) != before
    assert town.call(PAUL, undo_all, moved.key).done == 1
    assert record_of(town, key) == before


def test_a_release_taken_back_asks_nobody(town: Town) -> None:
    key = town.hand_in(INGRID)
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT):
        town.call(PAUL, move_request, key, state)
    moved = town.call(PAUL, move_all, [key], State.RELEASED)
    assert town.call(PAUL, undo_all, moved.key).done == 1
    assert town.state(key) is State.IN_DEVELOPMENT
    with town.world.database.session(system_scope(town.now, "test")) as session:
        assert session.scalars(select(RequestConfirmation)).all() == []


def test_only_whoever_did_it_undoes_it_and_only_their_own_accounts(town: Town) -> None:
    ours, theirs = town.hand_in(INGRID), town.hand_in(ELIF)
    moved = town.call(MARA, move_all, [ours, theirs], State.CLARIFYING)
    assert moved.done == 1
    assert town.state(theirs) is State.SUBMITTED
    with pytest.raises(NotFound):
        town.call(PAUL, undo_all, moved.key)
    assert town.call(MARA, undo_all, moved.key).done == 1


def test_merged_into_one_and_undone(town: Town) -> None:
    one, two, three = (town.hand_in(who, title=who) for who in (INGRID, PIA, INGRID))
    foreign = town.hand_in(ELIF)
    code = town.call(PAUL, show_request, one).code
    merged = town.call(PAUL, merge_all, [two, one, three, foreign, two, "gone"], code.lower())
    assert merged.done == 2
    assert [left.failure.code for left in merged.left] == ["two-accounts"]
    view = town.call(PAUL, show_request, two)
    assert (view.merged_into, town.call(PAUL, show_request, one).votes) == ((one, code), 2)
    with pytest.raises(NotFound):
        town.call(MARA, undo_all, merged.key)
    town.call(PAUL, undo_merge, town.call(PAUL, merges_of, three))
    undone = town.call(PAUL, undo_all, merged.key)
    assert (undone.done, [left.failure.code for left in undone.left]) == (1, ["undone"])
    for key, votes in ((one, 1), (two, 1), (three, 1)):
        view = town.call(PAUL, show_request, key)
        assert (view.merged_into, view.votes) == (None, votes)


def test_many_join_a_shared_one_and_leave_it_again(town: Town) -> None:
    keys = [town.hand_in(INGRID), town.hand_in(ELIF)]
    shared = town.share()
    code = town.call(PAUL, work_on_shared, shared).code
    assert town.call(MARA, merge_all, keys, code).done == 0
    joined = town.call(PAUL, merge_all, keys, code)
    assert (joined.done, town.totals(shared)) == (2, (2, 2))
    assert town.call(PAUL, undo_all, joined.key).done == 2
    assert town.totals(shared) == (0, 0)
    with pytest.raises(NotFound):
        town.call(PAUL, merge_all, keys, "R-NONE2")


def merges_of(session: Session, key: str) -> str:
    """The key of the newest link of the request."""
    merge = select(RequestMerge.key).join(Request, Request.id == RequestMerge.from_id)
    return session.scalars(merge.where(Request.key == key)).one()
