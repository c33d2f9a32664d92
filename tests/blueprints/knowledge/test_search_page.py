import re

import pytest

from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.hub import CONTENT, write_text, writing
from tests.world import ELIF, INGRID, MARA

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def hub(door: Door) -> Door:
    with writing(door.world.database) as session:
        load_content(session, CONTENT)
    return door


def test_an_empty_hub_says_what_comes(door: Door) -> None:
    assert "content load" in text_of(door.role("admin").get("/knowledge"))
    assert "content load" not in text_of(door.visitor().get("/knowledge"))
    assert "Nothing found" in text_of(door.visitor().get("/knowledge?q=anything"))


def test_the_first_search_answers_plainly_and_has_the_index_built(hub: Door) -> None:
    first = hub.sign_in(INGRID).get("/knowledge?q=escalation")
    assert "being rebuilt" in first.text
    assert 'href="/knowledge/escalation-rules-settings"' in first.text
    indexed(hub)
    assert "being rebuilt" not in hub.sign_in(INGRID).get("/knowledge?q=escalation").text


def indexed(hub: Door) -> None:
    with hub.app.app_context():
        kept = hub.app.extensions["paceline.search"]
        kept.finish()


def test_results_are_marked_counted_and_corrected(hub: Door) -> None:
    ingrid = hub.sign_in(INGRID)
    ingrid.get("/knowledge?q=x")
    indexed(hub)
    page = ingrid.get("/knowledge?q=escalaton")
    words = text_of(page)
    assert "Showing results for “escalation”" in words
    assert "<mark>Escalation</mark>" in page.text
    assert re.search(r"All \d+ Practices \d+", words)


def test_the_fragment_is_the_panel_of_the_page(hub: Door) -> None:
    ingrid = hub.sign_in(INGRID)
    ingrid.get("/knowledge?q=x")
    indexed(hub)
    page = ingrid.get("/knowledge?q=delegation")
    fragment = ingrid.get("/knowledge?q=delegation", headers=FRAGMENT)
    assert "<html" not in fragment.text
    assert fragment.text.count('class="hitrow"') == page.text.count('class="hitrow"') > 2
    assert ingrid.get("/knowledge?q=", headers=FRAGMENT).text == ""


def test_a_result_in_another_language_carries_its_name(
    hub: Door, tmp_path_factory: pytest.TempPathFactory
) -> None:

    folder = tmp_path_factory.mktemp("texts")
    write_text(folder, "only-english", "public")
    with writing(hub.world.database) as session:
        load_content(session, folder)
    page = hub.visitor().get("/knowledge?q=penguin&locale=zh-Hans")
    assert '<b lang="en">' in page.text
    assert '<span class="tag">English</span>' in page.text


def test_nobody_is_shown_a_foreign_text(hub: Door) -> None:
    elif_, visitor, mara = hub.sign_in(ELIF), hub.visitor(), hub.sign_in(MARA)
    for locale in ("en", "zh-Hans", "zh-Hant"):
        for question in ("report", "报表", "報表", "Oskelund", "ERP"):
            address = f"/knowledge?q={question}&locale={locale}"
            for client in (elif_, visitor):
                for headers in ({}, FRAGMENT):
                    page = client.get(address, headers=headers).text
                    assert "/knowledge/oskelund-monday-report" not in page
                    assert "/knowledge/unused-feature-conversation" not in page
    assert "/knowledge/oskelund" in mara.get("/knowledge?q=Oskelund").text


def test_nothing_of_a_type_leads_to_the_others(hub: Door) -> None:
    words = text_of(hub.visitor().get("/knowledge?q=export+by+region&type=best-practice"))
    assert "Other types" in words or "All" in words


ODD = (
    "%00",
    "%ff%fe",
    "NOT+" * 1500,
    "*" * 3000,
    "%22" * 999,
    "(((((",
    "a:b",
    "<script>alert(1)</script>",
    "字" * 2000,
    "%F0%9F%A6%84",
    "%E2%80%AE",
)


def test_any_question_is_answered(hub: Door) -> None:
    for question in ODD:
        for headers in ({}, FRAGMENT):
            response = hub.visitor().get(f"/knowledge?q={question}", headers=headers)
            assert response.status_code == 200
            assert "<script>alert" not in response.text


def test_results_have_pages(hub: Door) -> None:
    mara = hub.sign_in(MARA)
    page = mara.get("/knowledge?q=approval+report+import+dashboard+delegate")
    assert 'rel="next"' in page.text
    assert "There is no such page" in text_of(mara.get("/knowledge?q=approval&page=99"))


def test_searching_changes_nothing(hub: Door) -> None:
    assert hub.visitor().post("/knowledge?q=x").status_code == 405
