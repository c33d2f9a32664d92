"""A text goes from draft to readers and back, each step by who may take it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.apps import Door
from tests.blueprints.reading import text_of

SLUG = "/knowledge/count-twice"
WRITE = f"{SLUG}/edit/en"
TEXT = {
    "title": "Count twice",
    "summary": "Once is not enough.",
    "effect": "4 → 1 errors",
    "audience": "customers",
    "features": ["approval-chains"],
    "review_by": "2027-05-01",
    "body": "## Scenario\n\nWords.\n",
}


@pytest.fixture
def mara(door: Door) -> FlaskClient:
    client = door.role("csm")
    new = {"type": "best-practice", "language": "en", "title": "Count twice", "slug": ""}
    client.post("/knowledge/new", data=new)
    return client


def save(client: FlaskClient, **more: Any) -> None:
    token = client.get(f"{WRITE}/standing").json
    assert token is not None
    sent = {**TEXT, "token": token["token"], **more}
    assert client.post(WRITE, data=sent).status_code == 302


def take(client: FlaskClient, step: str, **more: str) -> str:
    """What the editor says after the step."""
    answer = client.post(f"{SLUG}/{step}", data={"language": "en", **more}, follow_redirects=True)
    assert answer.status_code == 200
    return text_of(answer)


def test_a_text_is_reviewed_and_read(door: Door, mara: FlaskClient) -> None:
    save(mara)
    lena, reader = door.role("editor"), door.role("member")
    page = mara.get(WRITE).text
    assert "Ask for a review" in page
    assert "Publish now" not in page
    reviewer = page.partition('id="reviewer"')[2].partition('value="')[2].partition('"')[0]
    assert "told by mail" in take(mara, "review", reviewer=reviewer)
    assert "In review" in text_of(mara.get(WRITE))
    assert "Say what" in take(lena, "review/return", reason=" ")
    assert "sent back" in take(lena, "review/return", reason="Add a figure.")
    assert "Sent back: Add a figure." in text_of(mara.get(WRITE))
    take(mara, "review", reviewer=reviewer)
    assert "You can write on" in take(mara, "review/withdrawal")
    take(mara, "review", reviewer=reviewer)
    assert reader.get(SLUG).status_code == 404
    assert "It is published" in take(lena, "review/approval")
    assert "Once is not enough." in reader.get(SLUG).text
    assert "in the archive" in take(lena, "archive")
    assert reader.get(SLUG).status_code == 404
    assert "It is back" in take(lena, "archive/end")
    assert reader.get(SLUG).status_code == 200


@pytest.mark.parametrize("slug", ["new", "files"])
def test_the_portal_s_own_addresses_are_no_text_s(mara: FlaskClient, slug: str) -> None:
    new = {"type": "faq", "language": "en", "title": slug}
    assert mara.post("/knowledge/new", data={**new, "slug": slug}).status_code == 422
    answer = mara.post("/knowledge/new", data=new)
    assert answer.headers["Location"] == f"/knowledge/{slug}-2/edit/en"


def test_what_is_not_ready_says_what_is_missing(door: Door, mara: FlaskClient) -> None:
    save(mara, summary="", effect="")
    said = take(door.role("editor"), "publication")
    assert "Not ready to be published: English Summary, English Effect in numbers" in said


def test_a_time_is_one_on_the_reader_s_clock(door: Door, mara: FlaskClient) -> None:
    save(mara)
    lena = door.role("editor")
    assert "Choose day and time" in take(lena, "schedule", at="soon")
    assert "in the future" in take(lena, "schedule", at="2020-01-01T10:00")
    assert "published at that time" in take(lena, "schedule", at="2099-01-02T10:00")
    assert "2 January 2099, 10:00" in text_of(lena.get(WRITE)).replace("\u00a0", " ")
    assert "draft again" in take(lena, "schedule/end")


def test_a_draft_is_thrown_away(door: Door, mara: FlaskClient) -> None:
    save(mara)
    take(door.role("editor"), "publication")
    save(mara, body="## Scenario\n\nOther.\n")
    assert "thrown away" in take(mara, "draft/end")
    assert "Other." not in mara.get(WRITE).text


def test_steps_of_others_are_not_taken(door: Door, mara: FlaskClient) -> None:
    save(mara)
    for step in ("publication", "review/approval", "review/return", "schedule", "archive/end"):
        assert mara.post(f"{SLUG}/{step}").status_code == 403
        assert door.role("champion").post(f"{SLUG}/{step}").status_code == 403
    # Somebody else was quicker.
    assert "no longer at the stage" in take(door.role("editor"), "review/approval")
