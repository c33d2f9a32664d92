"""One request in hand."""

import csv
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from portal.domain.requests import State, Visibility
from portal.models import User
from portal.services.requests.handing_in import Asker
from portal.services.requests.moving import move_request
from portal.services.requests.replies import create_reply
from portal.services.requests.showing import show_request
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.blueprints.triage.desk import PAUL, Desk, set_desk
from tests.blueprints.usage import Morning, morning
from tests.world import INGRID, MARA, NOW, OSKELUND, PIA

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def desk(door: Door) -> Desk:
    return set_desk(door)


def page(desk: Desk, email: str = PAUL) -> str:
    return text_of(desk.door.sign_in(email).get(f"/triage/{desk.ours}"))


def test_what_they_told_and_what_stands_behind_it(desk: Desk) -> None:
    words = page(desk)
    assert "Need, told by Ingrid Dahle, Champion, Oskelund Foods on" in words
    assert "Twelve managers" in words
    assert "People 1 Accounts 1 Revenue behind it" in words
    assert "Clarifying" in words


def test_a_note_stays_inside_and_a_message_goes_out(desk: Desk) -> None:
    mara = desk.door.sign_in(MARA)
    assert desk.post(mara, "note", **{"note-body": "They threaten to leave"}).status_code == 302
    assert desk.post(mara, "message", **{"message-body": "Thank you"}).status_code == 302
    words = page(desk)
    assert "Internal note, Mara Quill" in words
    assert "They threaten to leave" in words
    assert "Thank you" in words
    empty = desk.post(mara, "message", **{"message-body": " "})
    assert empty.status_code == 422


def test_a_way_that_owes_a_reason_says_so_beside_the_field(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    assert desk.post(paul, "move", to="clarifying").status_code == 302
    refused = desk.post(paul, "move", to="declined", **{"move-reason": " "})
    assert refused.status_code == 422
    assert "Say why: those who asked will read it." in text_of(refused)
    assert desk.town.state(desk.ours) is State.CLARIFYING
    said = {"move-reason": "It is there already"}
    assert desk.post(paul, "move", to="declined", **said).status_code == 302
    assert "It is there already" in page(desk)
    for nowhere in ("nowhere", ""):
        assert desk.post(paul, "move", to=nowhere).status_code == 422


def test_a_csm_clarifies_and_plans_nothing(desk: Desk) -> None:
    mara = desk.door.sign_in(MARA)
    assert desk.post(mara, "move", to="clarifying").status_code == 302
    assert desk.post(mara, "move", to="planned").status_code == 403
    assert desk.post(mara, "grade", **{"grade-part": "fit", "grade-value": "5"}).status_code == 403
    assert desk.town.state(desk.ours) is State.CLARIFYING


class Later(Morning):
    @staticmethod
    def now(zone: object) -> datetime:
        return Morning.now(zone) + timedelta(minutes=1)


def test_the_second_of_two_is_told_what_the_first_has_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    paul, mara = desk.door.sign_in(PAUL), desk.door.sign_in(MARA)
    before = paul.get(f"/triage/{desk.ours}").text
    version, read = (
        before.split(f'name="move-{name}"')[1].split('value="')[1].split('"')[0]
        for name in ("version", "seen")
    )
    assert desk.post(mara, "move", to="clarifying", **{"move-version": version}).status_code == 302
    late = {"move-seen": read, "move-version": version, "move-reason": "My own words"}
    monkeypatch.setattr("portal.web.clock.datetime", Later)
    lost = desk.post(paul, "move", to="clarifying", **late)
    assert lost.status_code == 409
    words = text_of(lost)
    assert "Mara Quill has moved it to Clarifying." in words
    assert "My own words" in words
    newer = lost.text.split('name="move-version"')[1].split('value="')[1].split('"')[0]
    assert newer != version
    assert desk.post(paul, "move", to="planned", **{"move-version": newer}).status_code == 302


def test_given_to_somebody_who_reaches_it(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    keys = desk.door.world.keys
    assert desk.post(paul, "assign", **{"assign-assignee": keys[MARA]}).status_code == 302
    mara = desk.door.sign_in(MARA)
    assert "Export by region" in text_of(mara.get("/triage?whose=mine"))
    assert "Export by region" not in text_of(mara.get("/triage?whose=nobody"))
    for wrong in (keys[INGRID], keys["jonas@ferrymark.example"], "nobody-at-all"):
        assert desk.post(paul, "assign", **{"assign-assignee": wrong}).status_code == 422
    assert desk.post(paul, "assign", **{"assign-assignee": ""}).status_code == 302
    assert "request.assign" in actions_of(desk.door.world.database)


def test_a_part_of_the_grade_is_set_with_a_reason_and_taken_back(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    role = {"grade-part": "role", "grade-value": "1"}
    assert desk.post(paul, "grade", **role).status_code == 422
    why = "She asks for a friend"
    assert desk.post(paul, "grade", **role, **{"grade-reason": why}).status_code == 302
    assert why in page(desk)
    assert "Role 1 of 5" in paul.get(f"/triage/{desk.ours}").text
    assert desk.post(paul, "grade", **role, clear="1").status_code == 302
    assert why not in page(desk)


def test_a_proxy_vote_says_by_whom_and_for_whom(desk: Desk) -> None:
    mara, keys = desk.door.sign_in(MARA), desk.door.world.keys
    vote = {"vote-user": keys[PIA], "vote-reason": "In the call of Tuesday"}
    assert desk.post(mara, "vote", **vote).status_code == 302
    words = page(desk)
    assert "Pia Nygård Member, says Mara Quill, In the call of Tuesday" in words
    assert "People 2" in words
    assert desk.post(mara, "vote").status_code == 422
    stranger = {"vote-user": keys["elif@quillon.example"]}
    assert desk.post(mara, "vote", **stranger).status_code == 404


def test_what_it_is_may_be_said_anew_until_it_is_planned(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    bug = {"sort-kind": "bug", "sort-severity": "blocking", "sort-effect": "hours"}
    bug |= {"sort-feature_key": "approval-chains"}
    assert desk.post(paul, "sorting", **bug).status_code == 302
    assert "Bug, told by" in page(desk)
    assert desk.post(paul, "sorting", **{**bug, "sort-feature_key": "none"}).status_code == 422
    desk.post(paul, "move", to="reproduced")
    assert desk.post(paul, "sorting", **bug).status_code == 409


def test_an_issue_is_linked_and_its_tracker_heard(desk: Desk) -> None:
    paul, keys = desk.door.sign_in(PAUL), {"tracker-url": "https://github.com/f/f/issues/12?a=1"}
    assert desk.post(paul, "tracker", **{"tracker-url": "12"}).status_code == 422
    assert desk.post(paul, "tracker", **keys, **{"tracker-state": "open"}).status_code == 302
    assert "GitHub, 12" in page(desk)
    assert desk.post(desk.door.sign_in(MARA), "tracker", **keys).status_code == 403


def test_a_change_is_judged_by_five_questions_among_us(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    answers = {"judge-core": "no", "judge-asker": "decides", "judge-urgency": "quarter"}
    answers |= {"judge-asker_remark": "Their CFO", "judge-effort": "perhaps"}
    refused = desk.post(paul, "judgement", **answers)
    assert refused.status_code == 422
    assert "Their CFO" in refused.text
    answers |= {"judge-effort": "days", "judge-risk": "untold"}
    assert desk.post(paul, "judgement", **answers).status_code == 302
    assert "Phase two" in page(desk)
    assert desk.post(paul, "judgement", **{**answers, "judge-core": "yes"}).status_code == 302
    words = page(desk, MARA)
    assert "This phase, once they know the risk Paul" in words
    assert "Whoever decides there, Their CFO" in words
    assert "1 earlier judgement Phase two" in words
    assert "Judge it anew" not in words
    assert desk.post(desk.door.sign_in(MARA), "judgement", **answers).status_code == 403
    lines = csv.DictReader(paul.get("/triage/requests.csv").text.lstrip("\ufeff").splitlines())
    filed = {one["title"]: (one["judged_asker"], one["judged_asker_remark"]) for one in lines}
    assert filed["Export by region"] == ("decides", "Their CFO")


def test_the_word_of_somebody_who_cannot_sign_in_is_written_down(desk: Desk) -> None:
    asker = Asker(OSKELUND.key, name="Sven of the docks")
    desk.ours = desk.town.hand_in(MARA, asker=asker, visibility=Visibility.PRIVATE)
    mara = desk.door.sign_in(MARA)
    word = {"relay-word": "works", "relay-reason": "Since Monday"}
    assert desk.post(mara, "word", **word).status_code == 409
    assert "The word of" not in page(desk, MARA)
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
        desk.town.call(PAUL, move_request, desk.ours, state)
    assert "The word of Sven of the docks" in page(desk, MARA)
    for wrong in ({"relay-reason": ""}, {"relay-word": "not_tried"}):
        refused = desk.post(mara, "word", **{**word, **wrong})
        assert refused.status_code == 422
        assert "The word of Sven of the docks" in text_of(refused)
    assert desk.post(mara, "word", **word).status_code == 302
    assert desk.town.state(desk.ours) is State.CONFIRMED
    said = page(desk, MARA)
    assert "Sven of the docks: Since Monday" in said
    assert "The word of" not in said


def test_who_can_sign_in_says_so_themselves(desk: Desk) -> None:
    word = {"relay-word": "not_yet", "relay-reason": "Says who"}
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
        desk.town.call(PAUL, move_request, desk.ours, state)
    assert "The word of" not in page(desk)
    assert desk.post(desk.door.sign_in(MARA), "word", **word).status_code == 403
    assert desk.town.state(desk.ours) is State.RELEASED


def test_a_canned_reply_is_put_in_without_a_script_in_the_requesters_language(desk: Desk) -> None:
    texts = {"en": "Who would use it?", "zh-Hans": "谁会用到？"}
    key = desk.town.call(PAUL, create_reply, "Who", texts)
    paul, typed = desk.door.sign_in(PAUL), {"message-body": "Hello Ingrid", "insert": "1"}
    shown = desk.post(paul, "message", **typed, reply=key)
    assert shown.status_code == 200
    assert "Hello Ingrid\n\nWho would use it?</textarea>" in shown.text.replace("\r", "")
    for nothing in ("", "no-such-reply"):
        refused = desk.post(paul, "message", **typed, reply=nothing)
        assert refused.status_code == 422
        assert "Choose a reply first." in text_of(refused)
        assert "Hello Ingrid</textarea>" in refused.text
    happened = desk.town.call(PAUL, show_request, desk.ours).happened
    assert "message" not in {one.kind for one in happened}
    chinese = desk.town.hand_in(INGRID)
    with desk.door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(User).where(User.email == INGRID).values(locale="zh-Hans"))
        session.commit()
    there = paul.post(f"/triage/{chinese}/message", data={"insert": "1", "reply": key})
    assert "谁会用到？</textarea>" in there.text


def test_what_stands_beside_it_in_the_queue_that_it_was_opened_from(desk: Desk) -> None:
    keys = [desk.ours, *(desk.town.hand_in(INGRID, title=f"No {one}") for one in range(2))]
    paul, asked = desk.door.sign_in(PAUL), "layout=list&kind=need&sort=newest"
    order = re.findall(r'/triage/([\w-]+)\?[^"]*">', paul.get(f"/triage?{asked}").text)
    assert sorted(order) == sorted(keys)
    for at, key in enumerate(order):
        shown = paul.get(f"/triage/{key}?{asked}").text
        found = {way: re.findall(rf'/triage/([\w-]+)\?[^>]*rel="{way}"', shown) for way in WAYS}
        assert found == {"prev": order[at - 1 : at] if at else [], "next": order[at + 1 : at + 2]}
    moved = paul.post(f"/triage/{order[1]}/move?{asked}", data={"to": "clarifying"})
    assert moved.location.endswith(f"/triage/{order[1]}?{asked}")


WAYS = ("prev", "next")
