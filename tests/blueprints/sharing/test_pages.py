"""/triage/shared and /triage/<key>/merge: product makes, words, links and ships shared requests."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.domain.requests import State, Visibility
from portal.models import Request, SharedRequest
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, PIA, World

SHARED = "/triage/shared"
TEXTS = {
    "title_en": "Export by region",
    "body_en": "Only what is yours.",
    "kind": "need",
    "feature": "",
}


@pytest.fixture
def town(world: World) -> Town:
    return Town(world, now=datetime.now(UTC))


@pytest.fixture
def paul(door: Door) -> FlaskClient:
    return door.sign_in(PAUL)


def made(response: TestResponse) -> str:
    assert response.status_code == 302, text_of(response)
    return str(response.location).rpartition("/")[2]


def value(town: Town, statement: object) -> object:
    with town.world.database.session(system_scope(town.now, "test")) as session:
        return session.execute(statement).scalar_one()  # type: ignore[call-overload] # any select


def code_of(town: Town, key: str) -> str:
    return str(value(town, select(Request.code).where(Request.key == key)))


def version_of(town: Town, key: str) -> int:
    found = value(town, select(SharedRequest.version).where(SharedRequest.key == key))
    assert isinstance(found, int)
    return found


def test_one_is_made_of_a_request_worded_published_and_hidden(
    door: Door, town: Town, paul: FlaskClient
) -> None:
    assert "None stands here" in text_of(paul.get(SHARED))
    asked = town.hand_in(INGRID, title="Plants of ours")
    form = text_of(paul.get(f"{SHARED}/new?from={asked}"))
    assert "which is linked to it at once" in form
    refused = paul.post(f"{SHARED}/new", data={**TEXTS, "title_en": "", "origin": asked})
    assert refused.status_code == 422
    key = made(paul.post(f"{SHARED}/new", data={**TEXTS, "origin": asked}))
    page = text_of(paul.get(f"{SHARED}/{key}"))
    assert "Oskelund Foods" in page
    assert "Plants of ours" in page
    listed = text_of(paul.get(SHARED))
    assert "Export by region" in listed
    assert "€" in listed
    ingrid = door.sign_in(INGRID)
    assert ingrid.get(f"/roadmap/{key}").status_code == 404
    assert paul.post(f"{SHARED}/{key}/publish").status_code == 302
    assert ingrid.get(f"/roadmap/{key}").status_code == 200
    paul.post(f"{SHARED}/{key}/hide")
    assert ingrid.get(f"/roadmap/{key}").status_code == 404


def test_texts_target_and_moves_are_kept_or_refused_beside_the_field(
    town: Town, paul: FlaskClient
) -> None:
    key = town.share()
    page = paul.get(f"{SHARED}/{key}").text
    targets = re.findall(r'<option value="(quarter:[\d-]+)"', page)
    sent = {
        "title_en": "Export by region",
        "title_zh-Hans": "按区域导出",
        "target": targets[1],
        "feature": "",
        "version": str(version_of(town, key)),
    }
    assert paul.post(f"{SHARED}/{key}", data=sent).status_code == 302
    second = paul.post(f"{SHARED}/{key}", data=sent)
    assert second.status_code == 409
    assert "Somebody has changed it meanwhile" in text_of(second)
    assert "按区域导出" in paul.get(f"{SHARED}/{key}").text
    steps = {"move-to": "clarifying", "move-release_note": ""}
    assert paul.post(f"{SHARED}/{key}/move", data=steps).status_code == 302
    refused = paul.post(f"{SHARED}/{key}/move", data={**steps, "move-to": "declined"})
    assert refused.status_code == 422
    assert "those who asked will read it" in text_of(refused)
    declined = {**steps, "move-to": "declined", "move-reason": "Too few."}
    assert paul.post(f"{SHARED}/{key}/move", data=declined).status_code == 302
    assert "Export by region" in text_of(paul.get(f"{SHARED}?tab=declined"))
    assert "None stands here" in text_of(paul.get(f"{SHARED}?tab=weighed"))
    assert "Export by region" in text_of(paul.get(SHARED))  # where the first of all stands


def test_similar_ones_are_linked_and_split_off_again(town: Town, paul: FlaskClient) -> None:
    key = town.share()
    asked = town.hand_in(INGRID, title="An export of each region")
    town.hand_in(PIA, title="Night shift")
    page = paul.get(f"{SHARED}/{key}")
    assert "An export of each region" in text_of(page)
    assert "Night shift" not in text_of(page)
    code = value(town, select(SharedRequest.code).where(SharedRequest.key == key))
    linked = paul.post(f"/triage/{asked}/family", data={"shared": code})
    assert made(linked) == key
    assert town.totals(key) == (1, 1)
    undo = re.findall(r'action="(/triage/merges/[^"]+/undo)"', paul.get(f"{SHARED}/{key}").text)
    back = paul.post(undo[0], data={"next": f"{SHARED}/{key}"})
    assert made(back) == key
    assert town.totals(key) == (0, 0)
    assert "already" in text_of(paul.post(undo[0], follow_redirects=True))


def test_two_of_one_account_are_merged_side_by_side(door: Door, town: Town) -> None:
    first = town.hand_in(INGRID, title="Export of plants")
    second = town.hand_in(PIA, title="Plants in an export")
    mara = door.sign_in(MARA)
    assert "Plants in an export" in text_of(mara.get(f"/triage/{first}/merge?q=export"))
    found = text_of(mara.get(f"/triage/{first}/merge?q={code_of(town, second)}"))
    assert "Plants in an export" in found
    both = text_of(mara.get(f"/triage/{first}/merge?other={second}"))
    assert "Merge them" in both
    assert mara.post(f"/triage/{first}/merge", data={"into": second}).status_code == 302
    with town.session(PAUL) as session:
        rows = session.execute(select(Request.key, Request.merged_into_id))
        links = {row.key: row.merged_into_id for row in rows}
    assert [links[first] is None, links[second] is None] == [False, True]
    page = mara.get(f"/triage/{first}/merge").text
    undo = re.findall(r'action="(/triage/merges/[^"]+/undo)"', page)[0]
    assert mara.post(undo).status_code == 302
    with town.session(PAUL) as session:
        assert set(session.scalars(select(Request.merged_into_id))) == {None}
    oneself = mara.post(f"/triage/{first}/merge", data={"into": first}, follow_redirects=True)
    assert "cannot be merged with itself" in text_of(oneself)
    nothing = mara.post(f"/triage/{first}/merge", data={"into": "R-NONE"}, follow_redirects=True)
    assert "nothing" in text_of(nothing) or "no request" in text_of(nothing)


def test_of_two_accounts_a_shared_one_is_made(door: Door, town: Town, paul: FlaskClient) -> None:
    mine = town.hand_in(INGRID, title="Secret of Oskelund", visibility=Visibility.PRIVATE)
    theirs = town.hand_in(ELIF, title="Secret of Quillon")
    assert (
        door.sign_in(MARA)
        .post(f"/triage/{mine}/merge", data={"into": theirs})
        .location.endswith(f"/triage/{mine}/merge")
    )
    on = paul.post(f"/triage/{mine}/merge", data={"into": theirs})
    assert on.location.endswith(f"{SHARED}/new?from={mine},{theirs}")
    key = made(paul.post(f"{SHARED}/new", data={**TEXTS, "origin": f"{mine},{theirs}"}))
    assert town.totals(key) == (2, 2)
    paul.post(f"{SHARED}/{key}/publish")
    for reader, other in ((INGRID, "Quillon"), (ELIF, "Oskelund")):
        client = door.sign_in(reader)
        for path in ("/roadmap", f"/roadmap/{key}", "/whats-new"):
            assert other not in text_of(client.get(path))


def test_shared_ones_are_merged_and_parted(town: Town, paul: FlaskClient) -> None:
    one, other = town.share(), town.share()
    code = value(town, select(SharedRequest.code).where(SharedRequest.key == other))
    assert made(paul.post(f"{SHARED}/{one}/merge", data={"into": code})) == other
    assert paul.get(f"{SHARED}/{one}").location.endswith(other)
    undo = re.findall(r'action="(/triage/merges/[^"]+/undo)"', paul.get(f"{SHARED}/{other}").text)[
        0
    ]
    paul.post(undo)
    assert paul.get(f"{SHARED}/{one}").status_code == 200


def test_only_product_shares(door: Door, town: Town) -> None:
    asked, key = town.hand_in(INGRID), town.share()
    for reader in (MARA, INGRID):
        client = door.sign_in(reader)
        assert client.get(SHARED).status_code == 403
        assert client.post(f"{SHARED}/{key}/publish").status_code == 403
        assert client.post(f"/triage/{asked}/family", data={"shared": key}).status_code == 403
    assert town.state(asked) == State.SUBMITTED


def test_its_issue_stands_on_its_page_alone(door: Door, paul: FlaskClient) -> None:
    key = made(paul.post(f"{SHARED}/new", data=TEXTS))
    paul.post(f"{SHARED}/{key}/publish")
    place, url = f"{SHARED}/{key}/tracker", "https://github.com/ferrymark/ferry/issues/12"
    refused = paul.post(place, data={"tracker-url": "12", "tracker-state": "open"})
    assert refused.status_code == 422
    assert "whole address" in text_of(refused)
    sent = {"tracker-url": url + "#note", "tracker-state": "in a week"}
    assert made(paul.post(place, data=sent)) == key
    page = paul.get(f"{SHARED}/{key}")
    assert f'href="{url}"' in page.text
    assert "GitHub, 12" in text_of(page)
    assert "in a week" in text_of(page)
    assert "ferrymark/ferry" not in door.sign_in(INGRID).get(f"/roadmap/{key}").text
    assert door.sign_in(MARA).post(place, data=sent).status_code == 403
    paul.post(place, data={"tracker-url": "", "tracker-state": ""})
    assert "Link an issue" in text_of(paul.get(f"{SHARED}/{key}"))
