"""Handing in on pages: kinds, what fills itself in, refusals, drafts, and sent twice."""

import pytest
from sqlalchemy import select

from portal.domain.requests import Kind
from portal.models import Request, RequestDraft
from portal.services.requests.drafts import keep_draft
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import field_of, text_of
from tests.blueprints.requests.people import town
from tests.blueprints.usage import morning
from tests.services.requests.town import Town
from tests.world import ELIF, HENRIK, INGRID, MARA, NOW, PIA

__all__ = ["morning", "town"]
pytestmark = pytest.mark.usefixtures("morning")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEED = {
    "title": "Own plants alone",
    "who": "Twelve managers",
    "when": "On the second day",
    "wants": "Their own plants",
    "visibility": "company",
}
BUG = {"title": "Yesterday's tile", "steps": "Open it at midnight", "visibility": "private"}


def kept(door: Door) -> list[Request]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return list(session.scalars(select(Request).order_by(Request.id)))


def drafts(door: Door) -> list[tuple[str, dict[str, str]]]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        rows = session.execute(select(RequestDraft.kind, RequestDraft.typed))
        return [(row.kind, row.typed) for row in rows]


def test_the_kind_first_then_its_own_questions(door: Door) -> None:
    pia = door.sign_in(PIA)
    page = pia.get("/requests/new?question=How%3F&from=/adoption")
    assert page.text.count('class="card kind-card"') == 3
    assert "/requests/new/question?question=How?&amp;from=/adoption" in page.text
    assert "Who needs it?" in text_of(pia.get("/requests/new/need"))
    assert "step by step" in text_of(pia.get("/requests/new/bug"))
    assert pia.get("/requests/new/party").status_code == 404


def test_a_need_comes_in(door: Door) -> None:
    pia = door.sign_in(PIA)
    answer = pia.post("/requests/new/need", data={**NEED, "effect": "hours"}, follow_redirects=True)
    assert "Handed in. You are told of each step." in text_of(answer)
    (request,) = kept(door)
    assert (request.kind, request.visibility, request.effect) == ("need", "company", "hours")
    assert request.told == {name: NEED[name] for name in ("who", "when", "wants")}
    assert request.requester_id == door.world.users[PIA][0]
    assert "Own plants alone" in text_of(door.sign_in(INGRID).get("/requests"))


def test_the_page_knows_place_device_and_browser(door: Door) -> None:
    pia = door.sign_in(PIA)
    page = pia.get("/requests/new/bug?from=/adoption", headers={"User-Agent": FIREFOX})
    for name, known in (("place", "/adoption"), ("device", "Windows"), ("browser", "Firefox")):
        assert f'value="{known}"' in field_of(page, name)
    evil = pia.get("/requests/new/bug?from=//evil.example", headers={"User-Agent": FIREFOX})
    assert "evil" not in field_of(evil, "place")


def test_the_search_gives_its_question_along(door: Door) -> None:
    page = door.sign_in(PIA).get("/requests/new/question?question=Who+sees+it%3F&title=Audit")
    assert "Who sees it?</textarea>" in page.text
    assert 'value="Audit"' in field_of(page, "title")


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(door: Door) -> None:
    answer = door.sign_in(PIA).post("/requests/new/need", data={**NEED, "who": "", "title": ""})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Please say this too." in page
    assert "Say what it is about." in page
    assert "Their own plants</textarea>" in answer.text
    assert kept(door) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "x" * 161},
        {"wants": "x" * 4001},
        {"effect": "party"},
        {"feature": "no-such"},
        {"visibility": "all"},
    ],
)
def test_what_cannot_come_in(door: Door, wrong: dict[str, str]) -> None:
    answer = door.sign_in(PIA).post("/requests/new/need", data={**NEED, **wrong})
    assert answer.status_code == 422
    assert kept(door) == []


def test_a_form_sent_twice_makes_one(door: Door) -> None:
    pia, data = door.sign_in(PIA), {**NEED, "once": "abc"}
    first = pia.post("/requests/new/need", data=data)
    second = pia.post("/requests/new/need", data=data)
    assert first.location == second.location
    assert len(kept(door)) == 1


def test_a_private_bug_of_a_feature_of_the_contract(door: Door) -> None:
    data = {**BUG, "severity": "major", "feature": "approval-chains"}
    door.sign_in(PIA).post("/requests/new/bug", data=data)
    (request,) = kept(door)
    assert (request.severity, request.feature_key) == ("major", "approval-chains")
    assert request.visibility == "private"
    assert "Yesterday" not in text_of(door.sign_in(INGRID).get("/requests"))


def test_a_draft_is_kept_offered_and_gone_once_handed_in(door: Door) -> None:
    pia = door.sign_in(PIA)
    typed = {"title": "Half a", "who": "Us", "csrf_token": "x", "once": "y", "other": "z"}
    answer = pia.post("/requests/drafts/need", data=typed)
    assert answer.get_json() == {"said": "Kept as a draft at 10:00."}
    assert drafts(door) == [("need", {"title": "Half a", "who": "Us", "visibility": "company"})]
    # Another session of hers, as after one that was lost.
    again = door.sign_in(PIA)
    assert "Draft of 21 November" in text_of(again.get("/requests/new"))
    page = again.get("/requests/new/need")
    assert "what you had typed is here again" in text_of(page)
    assert 'value="Half a"' in field_of(page, "title")
    again.post("/requests/new/need", data=NEED)
    assert drafts(door) == []


def test_a_draft_is_thrown_away_and_an_empty_one_is_none(door: Door) -> None:
    pia = door.sign_in(PIA)
    pia.post("/requests/drafts/bug", data=BUG)
    pia.post("/requests/drafts/bug/removal")
    assert drafts(door) == []
    pia.post("/requests/drafts/bug", data={"steps": "", "browser": "Firefox"})
    assert drafts(door) == []
    assert pia.post("/requests/drafts/party", data=BUG).status_code == 404


def test_drafts_are_ones_own(door: Door, town: Town) -> None:
    town.call(PIA, keep_draft, Kind.NEED, {"title": "Mine alone"})
    for other in (INGRID, ELIF):
        assert "Mine alone" not in door.sign_in(other).get("/requests/new/need").text
        door.sign_in(other).post("/requests/drafts/need/removal")
    assert drafts(door) == [("need", {"title": "Mine alone"})]


@pytest.mark.parametrize("email", [HENRIK, MARA])
def test_who_hands_nothing_in(door: Door, email: str) -> None:
    reader = door.sign_in(email)
    for path in ("/requests/new", "/requests/new/need"):
        assert reader.get(path).status_code in {403, 404}
    assert reader.post("/requests/new/need", data=NEED).status_code in {403, 404}
    assert reader.post("/requests/drafts/need", data=NEED).status_code in {403, 404}
    assert "Tell us something" not in text_of(door.sign_in(HENRIK).get("/requests"))
