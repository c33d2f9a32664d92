import re
from pathlib import Path

import pytest

from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.hub import write_text, writing
from tests.world import ELIF, INGRID, MARA


@pytest.fixture
def hub(hub_file: Path, door: Door) -> Door:
    del hub_file
    return door


def test_an_empty_hub_says_what_comes(door: Door) -> None:
    assert "content load" in text_of(door.role("admin").get("/knowledge"))
    assert "content load" not in text_of(door.visitor().get("/knowledge"))
    assert "What would you like to find?" in text_of(door.visitor().get("/search"))
    assert "Nothing found" in text_of(door.visitor().get("/search?q=anything"))


def test_the_first_search_answers_plainly_and_has_the_index_built(hub: Door) -> None:
    first = hub.sign_in(INGRID).get("/search?q=escalation")
    assert "being rebuilt" in first.text
    assert 'href="/knowledge/escalation-rules-settings"' in first.text
    indexed(hub)
    assert "being rebuilt" not in hub.sign_in(INGRID).get("/search?q=escalation").text


def indexed(hub: Door) -> None:
    with hub.app.app_context():
        kept = hub.app.extensions["paceline.search"]
        kept.finish()


def test_results_are_marked_counted_and_corrected(hub: Door) -> None:
    ingrid = hub.sign_in(INGRID)
    ingrid.get("/search?q=x")
    indexed(hub)
    page = ingrid.get("/search?q=escalaton")
    words = text_of(page)
    assert "Showing results for “escalation”" in words
    assert "<mark>Escalation</mark>" in page.text
    assert re.search(r"All \d+ Practices \d+", words)


def test_the_panel_is_a_fragment(hub: Door) -> None:
    ingrid = hub.sign_in(INGRID)
    ingrid.get("/search?q=x")
    indexed(hub)
    fragment = ingrid.get("/search/panel?q=delegation")
    assert "<html" not in fragment.text
    assert fragment.text.count('class="hitrow"') > 2
    assert 'data-question="delegation"' in fragment.text
    assert fragment.headers["Cache-Control"] == "no-store"
    assert ingrid.get("/search/panel?q=").text == ""
    begun = ingrid.get("/search/panel?q=deleg")
    assert "<mark>" in begun.text


def test_a_result_in_another_language_carries_its_name(
    hub: Door, tmp_path_factory: pytest.TempPathFactory
) -> None:

    folder = tmp_path_factory.mktemp("texts")
    write_text(folder, "only-english", "public")
    with writing(hub.world.database) as session:
        load_content(session, folder)
    page = hub.visitor().get("/search?q=penguin&locale=zh-Hans")
    assert '<span lang="en">' in page.text
    assert '<span class="tag">English</span>' in page.text


def test_what_stands_in_the_readers_language_is_not_said_to_be_found_in_another(hub: Door) -> None:
    page = hub.sign_in(INGRID).get("/search?q=escalation&locale=en")
    assert page.text.count("<mark>") > 5
    assert "found in" not in page.text


def test_nobody_is_shown_a_foreign_text(hub: Door) -> None:
    elif_, visitor, mara = hub.sign_in(ELIF), hub.visitor(), hub.sign_in(MARA)
    for locale in ("en", "zh-Hans", "zh-Hant"):
        for question in ("report", "报表", "報表", "Oskelund", "ERP"):
            address = f"?q={question}&locale={locale}"
            for client in (elif_, visitor):
                for path in ("/search", "/search/panel"):
                    page = client.get(f"{path}{address}").text
                    assert "/knowledge/oskelund-monday-report" not in page
                    assert "/knowledge/unused-feature-conversation" not in page
    assert "/knowledge/oskelund" in mara.get("/search?q=Oskelund").text


def test_nothing_of_a_type_leads_to_the_others(hub: Door) -> None:
    words = text_of(hub.visitor().get("/search?q=zzqqxx&type=best-practice"))
    assert "Nothing here with these filters" in words


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
    "a" * 10_000,
    "%3F%21%E3%80%82%EF%BC%8C" * 900,
    "%E2%80%AEabc%E2%81%A6%00",
    "a*b?c%25_d%5C",
)


def test_any_question_is_answered(hub: Door) -> None:
    for question in ODD:
        for client in (hub.visitor(), hub.sign_in(MARA)):
            for path in ("/search", "/search/panel"):
                response = client.get(f"{path}?q={question}")
                assert response.status_code == 200
                assert "<script>alert" not in response.text


def test_results_have_pages(hub: Door) -> None:
    mara = hub.sign_in(MARA)
    page = mara.get("/search?q=approval+report+import+dashboard+delegate")
    assert 'rel="next"' in page.text
    assert "There is no such page" in text_of(mara.get("/search?q=approval&page=99"))


def test_searching_changes_nothing(hub: Door) -> None:
    assert hub.visitor().post("/search?q=x").status_code == 405


def test_filters_stand_in_the_address_and_their_counts_hold(hub: Door) -> None:
    mara = hub.sign_in(MARA)
    mara.get("/search?q=x")
    indexed(hub)
    page = mara.get("/search?q=approval")
    links = re.findall(r'href="(/search[^"]+)"[^>]*>[^<]*<span class="n">(\d+)', page.text)
    found = [(url, count) for url, count in links if "=" in url.partition("&amp;")[2]]
    assert {re.split("[;=]", url)[2] for url, _ in found} == {"type", "language", "feature"}
    for url, count in found:
        shown = text_of(mara.get(url.replace("&amp;", "&")))
        assert re.search(rf"\b{count} results?\b", shown), url


def test_a_filter_that_cannot_be_is_not_there(hub: Door) -> None:
    for query in ("type=poem", "language=xx", "feature=..%2Fx"):
        assert hub.visitor().get(f"/search?q=a&{query}").status_code == 404


def test_old_addresses_lead_to_the_page(hub: Door) -> None:
    response = hub.visitor().get("/knowledge?q=a+b&type=faq")
    assert response.headers["Location"] == "/search?q=a+b&type=faq"
