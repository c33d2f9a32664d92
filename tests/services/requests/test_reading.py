"""What a customer reads of requests, and in how many statements."""

from pathlib import Path

import pytest

from portal.db import Database
from portal.domain.requests import Answer, Kind, State, Visibility
from portal.services.content_files import load_content
from portal.services.requests.confirming import answer_request
from portal.services.requests.joining import join_shared
from portal.services.requests.listing import RequestQuestion, RequestTab, find_requests, waiting_for
from portal.services.requests.merging import merge_shared
from portal.services.requests.moving import move_request
from portal.services.requests.roadmap import RoadmapQuestion, read_roadmap, read_shared
from portal.services.requests.sharing import SharedText, create_shared, move_shared, publish_shared
from portal.services.requests.showing import show_request
from portal.services.requests.talking import write_message
from tests.hub import write_text, writing
from tests.services.requests.town import PAUL, WORDS, Town
from tests.world import ELIF, INGRID, MARA, PIA, QUILLON, build_world


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def test_a_draft_that_takes_in_what_was_shared_is_not_read(town: Town) -> None:
    shared = town.share()
    joined = town.call(INGRID, join_shared, shared)
    town.call(ELIF, join_shared, shared)
    draft = town.call(PAUL, create_shared, Kind.NEED, {"en": SharedText("Secret", "Not yet")})
    town.call(PAUL, merge_shared, shared, draft)
    (row,) = town.call(INGRID, find_requests, RequestQuestion()).rows
    assert (row.key, row.title, row.votes, row.shared) == (joined, WORDS["en"].title, 1, False)
    town.call(PAUL, publish_shared, draft)
    (row,) = town.call(INGRID, find_requests, RequestQuestion()).rows
    assert (row.title, row.votes, row.shared) == ("Secret", 2, True)


def test_a_note_for_others_is_not_named(town: Town, tmp_path: Path) -> None:
    """Its address may tell whom it is about."""
    audience = f"{{accounts: [{QUILLON.key}]}}"
    write_text(tmp_path, "about-quillon", audience, title="About them", type="release-note")
    with writing(town.world.database) as session:
        load_content(session, tmp_path)
    shared = town.share()
    keys = {who: town.call(who, join_shared, shared) for who in (INGRID, ELIF)}
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT):
        town.call(PAUL, move_shared, shared, state)
    town.call(PAUL, move_shared, shared, State.RELEASED, release_note="about-quillon")
    for who, named in ((INGRID, ""), (ELIF, "about-quillon")):
        assert town.call(who, show_request, keys[who]).release_note == named
        assert town.call(who, read_shared, shared).release_note == named
        items = town.call(who, read_roadmap, RoadmapQuestion()).items
        assert [one.release_note for stage in items.values() for one in stage] == [""]


def test_the_list_of_each_reader(town: Town) -> None:
    mine = town.hand_in(INGRID)
    town.hand_in(PIA, title="Hidden", visibility=Visibility.PRIVATE)
    done = town.hand_in(PIA, title="Done")
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
        town.call(PAUL, move_request, mine, state)
        town.call(PAUL, move_request, done, state)
    town.call(PIA, answer_request, done, Answer.WORKS)

    page = town.call(INGRID, find_requests, RequestQuestion())
    assert [(row.title, row.mine) for row in page.rows] == [("Own plants", True)]
    assert page.counts == {RequestTab.COMPANY: 1, RequestTab.MINE: 1, RequestTab.CLOSED: 1}
    assert page.waiting == 1
    page = town.call(PIA, find_requests, RequestQuestion(RequestTab.MINE, sort="title"))
    assert [(row.title, row.private) for row in page.rows] == [("Hidden", True)]
    assert town.call(ELIF, find_requests, RequestQuestion()).rows == []
    assert [row.key for row in town.call(INGRID, waiting_for)] == [mine]


def test_one_that_the_company_has_joined_speaks_in_shared_words(town: Town) -> None:
    town.call(ELIF, join_shared, shared := town.share())
    key = town.call(INGRID, join_shared, shared)
    page = town.call(INGRID, find_requests, RequestQuestion())
    assert [(row.title, row.votes, row.shared) for row in page.rows] == [
        ("Export by region", 2, True)
    ]
    view = town.call(INGRID, show_request, key)
    assert (view.title, view.told, view.votes, view.voted) == ("Export by region", {}, 2, True)
    assert view.shared is not None
    assert (view.shared.people, view.shared.accounts) == (2, 2)
    assert view.moves == []


def test_the_page_tells_what_has_happened(town: Town) -> None:
    key = town.hand_in(INGRID)
    town.later(hours=1)
    town.call(MARA, write_message, key, "Who would use it?")
    town.later(hours=1)
    town.call(MARA, move_request, key, State.CLARIFYING)
    view = town.call(PIA, show_request, key)
    told = [(one.kind, one.to_state, one.text, one.vendor) for one in view.happened]
    assert told == [
        ("state", "submitted", "", False),
        ("message", "", "Who would use it?", True),
        ("state", "clarifying", "", True),
    ]
    assert (view.requester, view.followers, view.voted) == ("Ingrid Dahle", 2, False)
    assert view.answered_at is not None
    assert [move.to for move in town.call(PAUL, show_request, key).moves] == [
        State.PLANNED,
        State.DECLINED,
    ]
