"""Mara (CSM) and Lena (editor) write; nobody of a customer does."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from portal.services.knowledge_drafts import open_draft
from portal.services.knowledge_revisions import list_revisions
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.world import NOW

NEW = {"type": "best-practice", "language": "en", "title": "Count <b>twice</b>", "slug": ""}
WRITE = "/knowledge/count-b-twice-b/edit/en"
TEXT = {
    "title": "Count twice",
    "summary": "Once is not enough.",
    "effect": "4 → 1 errors",
    "audience": "customers",
    "features": ["approval-chains"],
    "review_by": "2027-05-01",
    "body": "## Scenario\n\nWords.\n\n## Problem\n\nWords.\n\n## Method\n\nWords.\n\n"
    "## Effect\n\nWords.\n\n## Three traps\n\nWords.\n",
}


@pytest.fixture
def mara(door: Door) -> FlaskClient:
    client = door.role("csm")
    assert client.post("/knowledge/new", data=NEW).headers["Location"] == WRITE
    return client


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def save(client: FlaskClient, page: TestResponse, **more: Any) -> TestResponse:
    return client.post(WRITE, data={**TEXT, "token": token_of(page), **more})


def draft_of(door: Door) -> Any:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return open_draft(session, "count-b-twice-b", "en")


def test_a_text_begins_with_the_sections_of_its_type(mara: FlaskClient) -> None:
    page = mara.get(WRITE)
    assert "## Scenario" in page.text
    assert '<h2 id="s-scenario">Scenario</h2>' in page.text
    assert "Count &lt;b&gt;twice&lt;/b&gt;" in page.text
    assert "<b>twice" not in page.text


@pytest.mark.parametrize("role", ["member", "champion", "executive", "product", None])
def test_others_do_not_write(door: Door, role: str | None) -> None:
    client = door.role(role) if role else door.visitor()
    assert client.get("/knowledge/new").status_code == (403 if role else 302)
    assert client.post("/knowledge/new", data=NEW).status_code == (403 if role else 401)


@pytest.mark.parametrize(
    "wrong", [{"type": "x"}, {"title": ""}, {"language": "fr"}, {"slug": "Not A Slug"}]
)
def test_what_cannot_begin_is_said_beside_its_field(door: Door, wrong: dict[str, str]) -> None:
    page = door.role("editor").post("/knowledge/new", data={**NEW, **wrong})
    assert page.status_code == 422
    assert 'class="error"' in page.text


def test_the_preview_is_the_page_that_readers_get(mara: FlaskClient) -> None:
    # Browsers send the ends of lines like this.
    typed = {**TEXT, "body": str(TEXT["body"]).replace("\n", "\r\n")}
    answer = mara.post(f"{WRITE}/preview", data=typed)
    assert "Links, images and sections are all right" in text_of(answer)
    saved = save(mara, mara.get(WRITE))
    assert saved.status_code == 302
    sheet = answer.text.partition('<div class="sheet">')[2].rpartition("</div>")[0]
    for part in ("Count twice", "4 → 1 errors", '<h2 id="s-method">Method</h2>'):
        assert part in sheet
    assert mara.get("/knowledge/count-b-twice-b").status_code == 404


def test_checks_name_what_is_to_be_mended(mara: FlaskClient) -> None:
    body = (
        "# No\n\n![](/knowledge/files/" + "0" * 40 + "-8x8.webp)\n\n"
        "![x](https://evil.example/x.png)\n\n[a](/knowledge/not-there)\n\n[b](//evil.example)\n"
    )
    said = text_of(mara.post(f"{WRITE}/preview", data={**TEXT, "body": body, "effect": ""}))
    for words in (
        "lacks the words for those who cannot see it",
        "was not uploaded here",
        "is not there any more",
        "“/knowledge/not-there” leads nowhere",
        "“//evil.example” leads nowhere",
        "the title is the only first heading",
        "“Effect in numbers” is missing",
        "The section “Method” is missing",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    ("audience", "reader", "times"),
    [
        ("public", "visitor", 0),
        ("customers", "visitor", 1),
        ("customers", "account:oskelund-foods", 0),
        ("vendor", "account:oskelund-foods", 1),
        ("vendor", "", 0),
        ("customers", "account:no-such-account", 1),
    ],
)
def test_the_preview_says_who_will_not_see_it(
    mara: FlaskClient, audience: str, reader: str, times: int
) -> None:
    sent = {**TEXT, "audience": audience, "reader": reader}
    page = mara.post(f"{WRITE}/preview", data=sent)
    assert page.text.count("may not see the text") == times


def test_autosave_keeps_the_text_and_says_when(door: Door, mara: FlaskClient) -> None:
    page = mara.get(WRITE)
    sent = {**TEXT, "token": token_of(page), "body": "## Scenario\n\nNewer.\n"}
    answer = mara.post(WRITE, data=sent, headers={"X-Autosave": "1"})
    assert answer.json is not None
    assert answer.json["said"].startswith("Saved ")
    assert draft_of(door).body == "## Scenario\n\nNewer.\n"
    assert draft_of(door).token == answer.json["token"]
    standing = mara.get(f"{WRITE}/standing").json
    assert standing is not None
    assert standing["token"] == answer.json["token"]


def test_a_mistake_is_said_beside_its_field_and_keeps_what_was_typed(mara: FlaskClient) -> None:
    page = save(mara, mara.get(WRITE), review_by="soon", title="New title")
    assert page.status_code == 422
    assert "Choose a day." in page.text
    assert 'value="New title"' in page.text
    sent = {**TEXT, "token": token_of(page), "review_by": "soon"}
    answer = mara.post(WRITE, data=sent, headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json) == (422, {"said": "Not saved: Review by"})


@pytest.mark.parametrize(
    "hostile",
    [
        {"audience": "everybody"},
        {"audience": "accounts", "accounts": "../../etc"},
        {"audience": "segments"},
        {"features": ["<script>"]},
        {"body": "\x00"},
        {"body": "[a](" * 5000},
        {"body": "a" * 70_000},
        {"title": "\u202e" * 400},
        {"token": "forged"},
    ],
)
def test_hostile_forms_are_answered_in_words(mara: FlaskClient, hostile: dict[str, Any]) -> None:
    page = mara.get(WRITE)
    assert save(mara, page, **hostile).status_code in {302, 409, 422}
    assert mara.post(f"{WRITE}/preview", data={**TEXT, **hostile}).status_code == 200
    assert mara.get(WRITE).status_code == 200


@pytest.fixture
def both(door: Door, mara: FlaskClient) -> tuple[FlaskClient, FlaskClient, TestResponse]:
    """Mara and Lena have opened the text; Mara has saved hers."""
    lena = door.role("editor")
    page = lena.get(WRITE)
    save(mara, mara.get(WRITE), body="## Scenario\n\nMara’s words.\n")
    return mara, lena, page


def test_the_second_is_told_and_shown_what_differs(
    both: tuple[FlaskClient, FlaskClient, TestResponse],
) -> None:
    _mara, lena, page = both
    sent = {**TEXT, "token": token_of(page), "body": "## Scenario\r\n\r\nLena’s words.\r\n"}
    answer = lena.post(WRITE, data=sent, headers={"X-Autosave": "1"})
    assert answer.status_code == 409
    shown = lena.post(WRITE, data=sent)
    assert shown.status_code == 409
    assert "<del>Mara’s</del><ins>Lena’s</ins> words." in shown.text
    assert "\n## Scenario\n\nMara’s words.\n\nLena’s words.\n</textarea>" in shown.text
    assert "and may still be writing" in lena.get(WRITE).text


@pytest.mark.parametrize(
    ("step", "stands"),
    [("ours", "Lena’s"), ("theirs", "Mara’s"), ("save", "Both")],
)
def test_whatever_is_chosen_nothing_is_lost(
    door: Door, both: tuple[FlaskClient, FlaskClient, TestResponse], step: str, stands: str
) -> None:
    _mara, lena, page = both
    ours = "## Scenario\n\nLena’s words.\n"
    shown = save(lena, page, body=ours)
    sent = {**TEXT, "token": token_of(shown), "ours": ours, "body": "Both", "step": step}
    assert lena.post(WRITE, data=sent).status_code == 302
    assert stands in draft_of(door).body
    with door.world.database.session(system_scope(NOW, "test")) as session:
        found = list_revisions(session, "count-b-twice-b", "en")
    authors = {one.author for one in found}
    assert len(found) >= 2
    assert len(authors) == 2


def test_without_script_a_picture_comes_with_the_form(door: Door, mara: FlaskClient) -> None:
    written = io.BytesIO()
    Image.new("RGB", (20, 10)).save(written, "PNG")
    picture = {"picture": (io.BytesIO(written.getvalue()), "x.png"), "words": "A black field"}
    assert save(mara, mara.get(WRITE), **picture).status_code == 302
    assert re.search(
        r"\n!\[A black field\]\(/knowledge/files/[0-9a-f]{40}-20x10\.webp\)\n$", draft_of(door).body
    )
    bad = {"picture": (io.BytesIO(b"<svg onload=alert(1)>"), "x.png"), "words": "x"}
    page = save(mara, mara.get(WRITE), **bad)
    assert page.status_code == 422
    assert "PNG" in text_of(page)


def test_the_editor_opens_in_the_first_language_and_in_no_unknown_one(mara: FlaskClient) -> None:
    assert mara.get(WRITE.removesuffix("/en")).headers["Location"] == WRITE
    assert mara.get(WRITE.replace("/en", "/fr")).status_code == 404
    assert mara.get("/knowledge/not-there/edit").status_code == 404
    assert "none yet" in text_of(mara.get(WRITE.replace("/en", "/zh-Hans")))


@pytest.mark.parametrize("slug", ["new", "files"])
def test_the_portal_s_own_addresses_are_no_text_s(mara: FlaskClient, slug: str) -> None:
    new = {"type": "faq", "language": "en", "title": slug}
    assert mara.post("/knowledge/new", data={**new, "slug": slug}).status_code == 422
    answer = mara.post("/knowledge/new", data=new)
    assert answer.headers["Location"] == f"/knowledge/{slug}-2/edit/en"
