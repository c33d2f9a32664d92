"""A slip that is undone troubles nobody who has not heard of it, and is said to those who have."""

import pytest
from sqlalchemy import func, select, update

from portal.db import Database
from portal.domain.requests import State
from portal.models import Job, Notice, OutboxMessage
from portal.services.requests.bulk import assign_all, merge_all, move_all, undo_all
from portal.services.requests.moving import move_request
from portal.services.requests.showing import show_request
from portal.tenancy import system_scope
from tests.services.notices.post import PostOffice
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, MARA, PIA, build_world


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


@pytest.fixture
def post(town: Town) -> PostOffice:
    return PostOffice(town)


def waiting(town: Town) -> int:
    """Words in the outbox and jobs that nobody has done."""
    with town.world.database.session(system_scope(town.now, "test")) as session:
        unsent = select(func.count(OutboxMessage.id)).where(OutboxMessage.sent_at.is_(None))
        jobs = select(func.count(Job.id))
        return (session.scalar(unsent) or 0) + (session.scalar(jobs) or 0)


def test_what_many_have_done_is_told_after_a_minute(town: Town, post: PostOffice) -> None:
    key = town.hand_in(INGRID)
    post.told()
    town.call(PAUL, move_all, [key], State.CLARIFYING)
    assert post.told() == set()
    town.later(minutes=1)
    assert (INGRID, "own_request_moved") in post.told()


@pytest.mark.parametrize("relayed", [False, True])
def test_undone_in_time_nobody_hears(town: Town, post: PostOffice, *, relayed: bool) -> None:
    keys = [town.hand_in(INGRID), town.hand_in(PIA, title="Second")]
    mails = len(post.mails())
    post.told()
    moved = town.call(MARA, move_all, keys, State.CLARIFYING)
    if relayed:
        post.deliver()
    undone = town.call(MARA, undo_all, moved.key)
    assert (undone.done, undone.heard) == (2, 0)
    assert waiting(town) == 0
    town.later(minutes=5)
    assert post.told() == set()
    assert len(post.mails()) == mails
    assert town.state(keys[0]) is State.SUBMITTED


def test_who_has_heard_hears_of_the_undo(town: Town, post: PostOffice) -> None:
    key = town.hand_in(INGRID)
    moved = town.call(PAUL, move_all, [key], State.CLARIFYING)
    town.later(minutes=2)
    post.told()
    undone = town.call(PAUL, undo_all, moved.key)
    assert (undone.done, undone.heard) == (1, 1)
    assert (INGRID, "own_request_moved") in post.told()
    assert [one["state"] for one in post.values(INGRID)[-2:]] == ["clarifying", "submitted"]


def test_a_mail_that_has_not_left_does_not(town: Town, post: PostOffice) -> None:
    """The word has become lines and mails, none of which a worker has begun."""
    key = town.hand_in(INGRID)
    mails = len(post.mails())
    moved = town.call(PAUL, move_all, [key], State.CLARIFYING)
    town.later(minutes=2)
    post.step()
    with town.world.database.session(system_scope(town.now, "test")) as session:
        assert session.scalar(select(func.count(Notice.id)).where(Notice.kind.like("own%"))) == 1
    undone = town.call(PAUL, undo_all, moved.key)
    assert (undone.done, undone.heard) == (1, 0)
    town.later(minutes=2)
    assert post.values(INGRID) == []
    assert len(post.mails()) == mails


def test_what_a_worker_has_in_hand_counts_as_heard(town: Town, post: PostOffice) -> None:
    key = town.hand_in(INGRID)
    post.told()
    moved = town.call(PAUL, move_all, [key], State.CLARIFYING)
    post.deliver()
    leased = update(Job).values(state="leased", leased_until=town.now)
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.execute(leased)
        session.commit()
    assert town.call(PAUL, undo_all, moved.key).heard == 1


def test_a_release_undone_and_made_again_asks_once_more(town: Town, post: PostOffice) -> None:
    key = town.hand_in(INGRID)
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT):
        town.call(PAUL, move_request, key, state)
    released = town.call(PAUL, move_all, [key], State.RELEASED)
    town.later(minutes=2)
    assert (INGRID, "asked_whether_it_works") in post.told()
    assert town.call(PAUL, undo_all, released.key).heard == 1
    town.call(PAUL, move_request, key, State.RELEASED)
    assert (INGRID, "asked_whether_it_works") in post.told()


def test_merges_and_who_they_were_given_to_as_well(town: Town, post: PostOffice) -> None:
    one, two = town.hand_in(INGRID), town.hand_in(PIA, title="Second")
    post.told()
    code = town.call(PAUL, show_request, one).code
    merged = town.call(PAUL, merge_all, [two], code)
    given = town.call(PAUL, assign_all, [one], town.world.keys[MARA])
    for act in (given, merged):
        assert town.call(PAUL, undo_all, act.key).heard == 0
    town.later(minutes=5)
    assert post.told() == set()
