"""What a customer's people read of requests."""

import csv
import io
import re
from html import unescape

import pytest
from sqlalchemy import update

from portal.domain.requests import State, Visibility
from portal.models import Request
from portal.services.requests import listing
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import merge_requests
from portal.services.requests.moving import move_request
from portal.services.requests.talking import write_message
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.requests.people import town
from tests.blueprints.usage import morning
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, HENRIK, INGRID, MARA, NOW, PIA

__all__ = ["morning", "town"]
pytestmark = pytest.mark.usefixtures("morning")
WAY = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)


def release(town: Town, key: str) -> None:
    for state in WAY:
        town.call(PAUL, move_request, key, state)


def test_nothing_is_told_yet(door: Door) -> None:
    page = text_of(door.sign_in(INGRID).get("/requests"))
    assert "Nothing told yet" in page
    assert "How a request travels" in page


def test_the_list_says_what_is_open_and_what_waits(door: Door, town: Town) -> None:
    town.hand_in(PIA, title="Later")
    mine = town.hand_in(INGRID, title="Own plants")
    release(town, mine)
    answer = door.sign_in(INGRID).get("/requests")
    page = text_of(answer)
    assert "Two are open." in page
    assert "One waits for your word." in page
    assert "Released, waits for your word" in page
    assert answer.text.count('class="mine"') == 1
    assert "Our company’s 2 Mine 1 Closed 0" in page
    pia = text_of(door.sign_in(PIA).get("/requests"))
    assert "Ingrid Dahle’s to close" in pia
    assert "waits for your word" not in pia


def test_a_private_one_is_its_requesters_alone(door: Door, town: Town) -> None:
    key = town.hand_in(PIA, title="A secret wish", visibility=Visibility.PRIVATE)
    assert "A secret wish Private" in text_of(door.sign_in(PIA).get("/requests"))
    for other in (INGRID, HENRIK, ELIF):
        reader = door.sign_in(other)
        for path in ("/requests", "/requests?tab=mine", "/requests/requests.csv"):
            assert "A secret wish" not in reader.get(path).text
        assert reader.get(f"/requests/{key}").status_code == 404
    assert door.sign_in(INGRID).post(f"/requests/{key}/vote").status_code == 404


def test_kinds_and_sorting_stand_in_the_address(door: Door, town: Town) -> None:
    town.hand_in(INGRID, title="Beta")
    town.hand_in(INGRID, title="Alpha")
    reader = door.sign_in(INGRID)
    sorted_page = text_of(reader.get("/requests?sort=title"))
    assert sorted_page.index("Alpha") < sorted_page.index("Beta")
    turned = text_of(reader.get("/requests?sort=title&dir=desc"))
    assert turned.index("Beta") < turned.index("Alpha")
    assert "No request here" in text_of(reader.get("/requests?kind=bug"))
    assert reader.get("/requests?tab=x&kind=y&sort=z&page=-1&dir=q").status_code == 200


def test_pages_lead_on_and_an_old_number_to_the_beginning(
    door: Door, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 1)
    for title in ("Älpha, “one”", "Beta"):
        town.hand_in(INGRID, title=title)
    reader = door.sign_in(INGRID)
    first = reader.get("/requests?sort=title&page=7")
    assert "1 of 2" in text_of(first)
    forward = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert forward
    second = reader.get(unescape(forward.group(1)))
    assert "lpha" in text_of(second)
    backward = re.search(r'href="([^"]+)" rel="prev"', second.text)
    assert backward
    assert "Beta" in text_of(reader.get(unescape(backward.group(1))))


@pytest.mark.parametrize("path", ["/requests", "/roadmap", "/whats-new"])
@pytest.mark.parametrize(
    "mark", ["x", "[", "[1]", '["\\u0000",1]', '["\\ud800",1]', '[1e400,"a",1]', "[[1],2,3]", "{}"]
)
def test_marks_that_are_none_are_the_beginning(door: Door, path: str, mark: str) -> None:
    assert (
        door.sign_in(INGRID).get(path, query_string={"stage": "planned", "after": mark}).status_code
        == 200
    )


def test_as_a_file(door: Door, town: Town) -> None:
    town.hand_in(INGRID, title="=cmd()")
    text = door.sign_in(HENRIK).get("/requests/requests.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["state"], row["requester"]) for row in rows] == [("submitted", "Ingrid Dahle")]
    assert rows[0]["title"] == "'=cmd()"


def test_how_fast_the_last_ones_were_answered(door: Door, town: Town) -> None:
    keys = [town.hand_in(INGRID, title=f"Wish {number}") for number in range(5)]
    town.later(hours=3)
    for key in keys[:4]:
        town.call(MARA, write_message, key, "We look at it.")
    reader = door.sign_in(INGRID)
    assert "We answered" not in text_of(reader.get("/requests"))
    town.later(hours=5)
    town.call(MARA, write_message, keys[4], "We look at it.")
    assert "We answered the last 5 within 4 hours on average." in text_of(reader.get("/requests"))


def test_one_request_with_its_way(door: Door, town: Town) -> None:
    key = town.hand_in(INGRID)
    town.call(MARA, write_message, key, "Who would use it?")
    town.call(MARA, move_request, key, State.CLARIFYING)
    town.call(PAUL, move_request, key, State.DECLINED, "Fewer than 1 % print.")
    answer = door.sign_in(PIA).get(f"/requests/{key}")
    page = text_of(answer)
    for said in (
        *("Need, told by Ingrid Dahle on 21 November", "The scene", "Twelve managers"),
        *("Mara Quill, 21 November Who would use it?", "Declined Fewer than 1 % print."),
        *("1 vote", "2 followers", "Everybody in our company"),
    ):
        assert said in page, said
    assert 'class="loop"' in answer.text
    assert "Clarifying 21 Nov" in page  # how far it had come
    assert "Does it work for you?" not in page


def test_an_executive_reads_and_does_nothing(door: Door, town: Town) -> None:
    release(town, key := town.hand_in(INGRID))
    reader = door.sign_in(HENRIK)
    answer = reader.get(f"/requests/{key}")
    assert answer.status_code == 200
    assert f"/requests/{key}/" not in answer.text
    for act in ("vote", "unvote", "follow", "unfollow", "message", "answer"):
        assert reader.post(f"/requests/{key}/{act}").status_code == 403


def test_a_merged_one_leads_on(door: Door, town: Town) -> None:
    twin, root = town.hand_in(PIA, title="Twin"), town.hand_in(INGRID, title="Root")
    town.call(PAUL, merge_requests, twin, root)
    answer = door.sign_in(PIA).get(f"/requests/{twin}", follow_redirects=True)
    assert answer.request.path == f"/requests/{root}"
    assert "was merged into this one" in text_of(answer)


def test_a_family_shows_totals_and_nobody_of_another_company(door: Door, town: Town) -> None:
    shared = town.share()
    town.call(ELIF, join_shared, shared)
    key = town.call(INGRID, join_shared, shared)
    page = text_of(door.sign_in(PIA).get(f"/requests/{key}"))
    assert "2 people of 2 companies want it." in page
    assert "Only what is yours." in page
    assert "Elif" not in page
    assert "Quillon" not in page


@pytest.mark.parametrize("email", [MARA, PAUL])
def test_the_vendor_has_pages_of_its_own(door: Door, town: Town, email: str) -> None:
    key = town.hand_in(INGRID)
    reader = door.sign_in(email)
    for path in ("/requests", "/requests/requests.csv", f"/requests/{key}"):
        assert reader.get(path).status_code in {403, 404}


def test_when_the_next_word_is_due(door: Door, town: Town) -> None:
    key = town.hand_in(INGRID)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        due = NOW.replace(hour=14, minute=30)
        session.execute(update(Request).where(Request.key == key).values(next_due_at=due))
        session.commit()
    assert "Today, 15:30" in text_of(door.sign_in(INGRID).get("/requests"))
