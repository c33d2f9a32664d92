"""Many at once, and what is handed in for somebody."""

import re

import pytest
from werkzeug.test import TestResponse

from portal.domain.requests import Kind, State
from portal.services.requests.showing import show_request
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.triage.desk import PAUL, Desk, set_desk
from tests.blueprints.usage import morning
from tests.services.notices.post import PostOffice
from tests.world import MARA, PIA

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
LIST = "/triage?layout=list"


@pytest.fixture
def desk(door: Door) -> Desk:
    return set_desk(door)


def test_moved_together_and_undone_from_the_toast(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    chosen = {"chosen": [desk.ours, desk.theirs], "next": LIST}
    done = paul.post(
        "/triage/bulk",
        data={**chosen, "do": "move", "to": "reproduced"},
        follow_redirects=True,
    )
    words = text_of(done)
    assert "1 request done." in words
    assert "1 was left as it is." in words
    assert desk.town.state(desk.theirs) is State.REPRODUCED
    undone = paul.post(undo_of(done), follow_redirects=True)
    assert "1 request is as it was." in text_of(undone)
    assert desk.town.state(desk.theirs) is State.SUBMITTED


def test_the_toast_of_an_undo_says_who_has_heard(desk: Desk) -> None:
    """Their word has left before it is taken back: nobody can be made not to have read it."""
    paul = desk.door.sign_in(PAUL)
    form = {"chosen": [desk.ours], "next": LIST, "do": "move", "to": "clarifying"}
    done = paul.post("/triage/bulk", data=form, follow_redirects=True)
    desk.town.later(minutes=2)
    PostOffice(desk.town).deliver()
    undone = paul.post(undo_of(done), follow_redirects=True)
    assert text_of(undone).count("1 had been told of already: whoever follows it hears") == 1


def undo_of(page: TestResponse) -> str:
    found = re.search(r'action="(/triage/bulk/[^"]+)"', page.text)
    assert found
    return found.group(1).replace("&amp;", "&")


def test_given_together(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    data = {"chosen": [desk.ours, desk.theirs], "do": "assign"}
    paul.post("/triage/bulk", data={**data, "assignee": desk.door.world.keys[PAUL]})
    words = text_of(paul.get(LIST + "&whose=mine"))
    assert "Export by region" in words
    assert "It stands still" in words


def test_merged_into_one_from_the_list(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    other = desk.town.hand_in(PIA, kind=Kind.NEED, title="The same again")
    code = desk.town.call(PAUL, show_request, desk.ours).code
    form = {"chosen": [other, desk.ours], "next": LIST, "do": "merge"}
    done = paul.post("/triage/bulk", data={**form, "into": code}, follow_redirects=True)
    assert "1 request done." in text_of(done)
    assert "The same again" not in text_of(paul.get(LIST))
    undone = paul.post(undo_of(done), follow_redirects=True)
    assert "The same again" in text_of(undone)
    for into, said in (("", "Give the code"), ("R-NONE2", "There is no request of this code.")):
        page = paul.post("/triage/bulk", data={**form, "into": into}, follow_redirects=True)
        assert said in text_of(page)


@pytest.mark.parametrize("data", [{}, {"chosen": "gone"}, {"chosen": "gone", "to": "nowhere"}])
def test_nothing_ticked_and_nowhere_to_go_is_said(desk: Desk, data: dict[str, str]) -> None:
    assert desk.door.sign_in(PAUL).post("/triage/bulk", data=data).status_code == 302
    assert desk.door.sign_in(PAUL).post("/triage/bulk/none/undo").status_code == 404


def test_a_csm_hands_in_for_a_person_and_for_a_name(desk: Desk) -> None:
    mara, keys = desk.door.sign_in(MARA), desk.door.world.keys
    assert "Choose an account" in text_of(mara.get("/triage/new"))
    address = "/triage/new?account=oskelund-foods&kind=question"
    assert "Pia Nygård" in text_of(mara.get(address))
    told = {"title": "How do we share it?", "question": "How?", "visibility": "company"}
    told |= {"severity": "", "effect": "", "feature_key": "", "user": ""}
    assert mara.post(address, data=told).status_code == 422
    done = mara.post(address, data={**told, "user": keys[PIA]}, follow_redirects=True)
    assert "Question, told by Pia Nygård, Member, Oskelund Foods" in text_of(done)
    assert "On behalf, by Mara Quill" in text_of(done)
    named = mara.post(address, data={**told, "requester": "Old Ole"}, follow_redirects=True)
    assert "told by Old Ole" in text_of(named)
    foreign = address.replace("oskelund-foods", "quillon-insurance")
    assert mara.post(foreign, data={**told, "requester": "Ole"}).status_code == 404
