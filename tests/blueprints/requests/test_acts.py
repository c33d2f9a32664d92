"""Voting, following, writing, and saying whether it works."""

import pytest

from portal.domain.requests import State
from portal.services.requests.voices import vote
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.requests.people import town
from tests.blueprints.requests.test_reading import release
from tests.blueprints.usage import morning
from tests.services.requests.town import Town
from tests.world import ELIF, INGRID, PIA

__all__ = ["morning", "town"]
pytestmark = pytest.mark.usefixtures("morning")


def test_a_vote_and_back(door: Door, town: Town) -> None:
    key = town.hand_in(INGRID)
    pia = door.sign_in(PIA)
    voted = pia.post(f"/requests/{key}/vote", follow_redirects=True)
    assert "2 votes" in text_of(voted)
    assert f'action="/requests/{key}/unvote"' in voted.text
    assert "Undo" in text_of(voted)
    assert "Following" in text_of(voted)
    back = text_of(pia.post(f"/requests/{key}/unvote", follow_redirects=True))
    assert "1 vote " in back


def test_following_and_not(door: Door, town: Town) -> None:
    key = town.hand_in(INGRID)
    pia = door.sign_in(PIA)
    page = text_of(pia.post(f"/requests/{key}/follow", follow_redirects=True))
    assert "2 followers Following" in page
    page = text_of(pia.post(f"/requests/{key}/unfollow", follow_redirects=True))
    assert "1 follower Follow " in page


def test_a_message_is_read_by_all_and_kept_where_refused(door: Door, town: Town) -> None:
    key = town.hand_in(INGRID)
    pia = door.sign_in(PIA)
    pia.post(f"/requests/{key}/message", data={"body": "Keep <b>the order</b>."})
    assert "Keep &lt;b&gt;the order&lt;/b&gt;." in door.sign_in(INGRID).get(f"/requests/{key}").text
    for body, said in (("", "Write something first."), ("x" * 8001, "Keep it under 8,000")):
        refused = pia.post(f"/requests/{key}/message", data={"body": body})
        assert refused.status_code == 422
        assert said in text_of(refused)
        assert body in refused.text
    assert (
        door.sign_in(ELIF).post(f"/requests/{key}/message", data={"body": "x"}).status_code == 404
    )


def test_works_closes_the_loop(door: Door, town: Town) -> None:
    release(town, key := town.hand_in(INGRID))
    ingrid = door.sign_in(INGRID)
    assert "Does it work for you?" in text_of(ingrid.get(f"/requests/{key}"))
    answer = ingrid.post(f"/requests/{key}/answer", data={"answer": "works"}, follow_redirects=True)
    assert "The loop is closed: it works for you." in text_of(answer)
    assert town.state(key) is State.CONFIRMED
    assert "It no longer works" in text_of(ingrid.get(f"/requests/{key}"))


def test_not_yet_needs_its_reason(door: Door, town: Town) -> None:
    release(town, key := town.hand_in(INGRID))
    ingrid = door.sign_in(INGRID)
    refused = ingrid.post(f"/requests/{key}/answer", data={"answer": "not_yet"})
    assert refused.status_code == 422
    assert "Say what does not work yet" in text_of(refused)
    said = {"answer": "not_yet", "reason": "The region is missing."}
    answer = ingrid.post(f"/requests/{key}/answer", data=said, follow_redirects=True)
    assert "It is open again for your company." in text_of(answer)
    assert town.state(key) is State.REOPENED
    assert "The region is missing." in text_of(answer)


def test_only_whoever_asked_or_voted_says_so(door: Door, town: Town) -> None:
    release(town, key := town.hand_in(INGRID))
    pia = door.sign_in(PIA)
    assert "Does it work for you?" not in text_of(pia.get(f"/requests/{key}"))
    said = {"answer": "works"}
    refused = pia.post(f"/requests/{key}/answer", data=said, follow_redirects=True)
    assert "Whoever asked for it" in text_of(refused)
    assert town.state(key) is State.RELEASED
    town.call(PIA, vote, key)
    answer = pia.post(f"/requests/{key}/answer", data=said, follow_redirects=True)
    assert "Whoever asked has the last word." in text_of(answer)


def test_what_is_no_answer(door: Door, town: Town) -> None:
    key = town.hand_in(INGRID)
    ingrid = door.sign_in(INGRID)
    assert ingrid.post(f"/requests/{key}/answer", data={"answer": "perhaps"}).status_code == 422
    early = ingrid.post(f"/requests/{key}/answer", data={"answer": "works"}, follow_redirects=True)
    assert early.status_code == 200
    assert town.state(key) is State.SUBMITTED
