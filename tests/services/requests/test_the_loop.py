"""From a scene to "yes, it works for us": two accounts, one shared request, both databases."""

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from portal.domain.requests import Answer, State, Visibility
from portal.models import InternalNote, Request, RequestConfirmation
from portal.services.requests.confirming import answer_request, relay_answer
from portal.services.requests.handing_in import Asker
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import join_family, merge_requests, merge_shared
from portal.services.requests.moving import close_silent, move_request
from portal.services.requests.parting import undo_merge
from portal.services.requests.sharing import move_shared
from portal.services.requests.showing import show_request
from portal.services.requests.talking import write_message, write_note
from portal.services.requests.voices import take_vote_back, vote
from portal.tenancy import TenancyError, system_scope
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, OSKELUND, PIA, build_world


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def release(town: Town, shared: str) -> None:
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
        town.call(PAUL, move_shared, shared, state)


def test_two_accounts_one_ends_and_one_begins_again(town: Town) -> None:
    asked, shared = town.hand_in(INGRID), town.share()
    town.call(PAUL, join_family, asked, shared)
    joined = town.call(ELIF, join_shared, shared)
    assert town.call(ELIF, join_shared, shared) == joined
    town.call(PIA, vote, asked)
    assert town.totals(shared) == (3, 2)

    release(town, shared)
    assert town.state(asked) == town.state(joined) == State.RELEASED
    assert town.call(INGRID, answer_request, asked, Answer.WORKS) == State.CONFIRMED
    with pytest.raises(Invalid):
        town.call(ELIF, answer_request, joined, Answer.NOT_YET)
    town.call(ELIF, answer_request, joined, Answer.NOT_YET, "Not for regions of regions")
    assert (town.state(asked), town.state(joined)) == (State.CONFIRMED, State.REOPENED)

    town.call(PAUL, move_request, joined, State.CLARIFYING)
    town.later(days=15)
    assert town.state(joined) == State.CLARIFYING


def test_a_voter_s_word_counts_when_the_time_is_over(town: Town) -> None:
    asked, silent = town.hand_in(INGRID), town.hand_in(INGRID, title="Another")
    town.call(PIA, vote, asked)
    for key in (asked, silent):
        for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
            town.call(PAUL, move_request, key, state)
    assert town.call(PIA, answer_request, asked, Answer.WORKS) == State.RELEASED
    with pytest.raises(Forbidden):
        town.call(PIA, answer_request, silent, Answer.WORKS)
    town.later(days=13, hours=23)
    closing = town.world.database.session(system_scope(town.now, "test"), writes=True)
    with closing as session:
        assert close_silent(session) == 0
    town.later(hours=2)
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        assert close_silent(session) == 2
    assert (town.state(asked), town.state(silent)) == (State.CONFIRMED, State.UNCONFIRMED)


def test_silence_counts_from_when_the_last_of_them_was_asked(town: Town) -> None:
    shared = town.share()
    release(town, shared)
    town.later(days=40)
    joined = town.call(INGRID, join_shared, shared)
    assert closed(town) == 0
    town.later(days=10)
    town.call(PIA, join_shared, shared)
    town.later(days=13, hours=23)
    assert (closed(town), town.state(joined)) == (0, State.RELEASED)
    town.later(hours=1)
    assert (closed(town), town.state(joined)) == (1, State.UNCONFIRMED)


def test_whose_requester_cannot_sign_in_is_asked_of_the_champions(town: Town) -> None:
    named = town.hand_in(MARA, asker=Asker(OSKELUND.key, name="Sven of the docks"))
    private = town.hand_in(
        MARA, asker=Asker(OSKELUND.key, name="Sven"), visibility=Visibility.PRIVATE
    )
    for key in (named, private):
        for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
            town.call(PAUL, move_request, key, state)
    with town.session(MARA) as session:
        rows = select(Request.key, RequestConfirmation.user_id).join(
            RequestConfirmation, RequestConfirmation.request_id == Request.id
        )
        asked = [tuple(row) for row in session.execute(rows)]
    assert asked == [(named, town.world.users[INGRID][0])]
    assert town.call(INGRID, answer_request, named, Answer.WORKS) == State.CONFIRMED


def test_a_word_that_is_written_down_closes_and_reopens(town: Town) -> None:
    named = town.hand_in(MARA, asker=Asker(OSKELUND.key, name="Sven"))
    own = town.hand_in(INGRID)
    with pytest.raises(Conflict):
        town.call(MARA, relay_answer, named, Answer.WORKS, "It does")
    for key in (named, own):
        for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
            town.call(PAUL, move_request, key, state)
    with pytest.raises(Forbidden):
        town.call(MARA, relay_answer, own, Answer.WORKS, "It does")
    with pytest.raises(Forbidden):
        town.call(INGRID, relay_answer, named, Answer.WORKS, "It does")
    with pytest.raises(Invalid):
        town.call(MARA, relay_answer, named, Answer.NOT_YET, " ")
    assert town.call(MARA, relay_answer, named, Answer.WORKS, "It does") is State.CONFIRMED
    assert town.call(MARA, relay_answer, named, Answer.NOT_YET, "No more") is State.REOPENED
    last = town.call(MARA, show_request, named).happened[-1]
    assert (last.text, last.vendor) == ("Sven: No more", False)


def closed(town: Town) -> int:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        return close_silent(session)


def test_a_merge_is_undone_exactly(town: Town) -> None:
    first, second, third = (town.hand_in(who) for who in (INGRID, PIA, PIA))
    into_second = town.call(MARA, merge_requests, third, second)
    into_first = town.call(MARA, merge_requests, second, first)
    assert town.call(PIA, vote, third) == 2  # the old address leads on
    town.call(MARA, undo_merge, into_first)
    with pytest.raises(Conflict):
        town.call(MARA, undo_merge, into_first)
    assert voters(town) == {first: 2, second: 1, third: 1}
    town.call(MARA, undo_merge, into_second)
    assert links(town) == {first: None, second: None, third: None}


def test_two_shared_ones_become_one_and_two_again(town: Town) -> None:
    mine, other = town.share(), town.share()
    ours, theirs = town.call(INGRID, join_shared, mine), town.call(ELIF, join_shared, other)
    town.call(PAUL, move_shared, other, State.CLARIFYING)
    merge = town.call(PAUL, merge_shared, mine, other)
    assert (town.totals(mine), town.totals(other)) == ((0, 0), (2, 2))
    assert town.state(ours) == State.CLARIFYING
    assert town.call(PIA, join_shared, mine) == ours
    assert town.totals(other) == (3, 2)
    town.call(PAUL, undo_merge, merge)
    assert (town.totals(mine), town.totals(other)) == ((2, 1), (1, 1))
    assert (town.state(ours), town.state(theirs)) == (State.SUBMITTED, State.CLARIFYING)


def test_who_sees_and_says_what(town: Town) -> None:
    private = town.hand_in(INGRID, visibility=Visibility.PRIVATE)
    for who in (PIA, ELIF):
        with pytest.raises(NotFound):
            town.call(who, vote, private)
    town.call(MARA, write_note, private, "They will leave if we do not")
    town.call(INGRID, write_message, private, "Any news?")
    with pytest.raises(Forbidden):
        town.call(INGRID, write_note, private, "x")
    with town.session(INGRID) as session, pytest.raises(TenancyError):
        session.scalars(select(InternalNote.body)).all()


def test_of_two_triagers_the_second_is_told(town: Town) -> None:
    asked = town.hand_in(INGRID)
    with town.session(PAUL) as session:
        seen = session.scalar(select(Request.version).where(Request.key == asked))
    town.call(PAUL, move_request, asked, State.CLARIFYING, version=seen)
    with pytest.raises(Conflict):
        town.call(MARA, move_request, asked, State.CLARIFYING, version=seen)


def test_a_vote_is_taken_back_and_the_asked_are_few(town: Town) -> None:
    asked = town.hand_in(INGRID)
    assert [town.call(PIA, vote, asked) for _time in range(2)] == [2, 2]
    assert town.call(PIA, take_vote_back, asked) == 1
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
        town.call(PAUL, move_request, asked, state)
    with town.session(MARA) as session:
        people = session.scalars(select(RequestConfirmation.user_id)).all()
    assert people == [town.world.users[INGRID][0]]


def voters(town: Town) -> dict[str, int]:
    with town.session(PAUL) as session:
        return {row.key: row.voters for row in session.execute(select(Request.key, Request.voters))}


def links(town: Town) -> dict[str, int | None]:
    with town.session(PAUL) as session:
        rows = session.execute(select(Request.key, Request.merged_into_id))
        return {row.key: row.merged_into_id for row in rows}
