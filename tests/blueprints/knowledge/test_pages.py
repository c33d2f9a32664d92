"""The hub's pages as Ingrid (Oskelund), Elif (Quillon), Mara (vendor) and a visitor see them."""

import re

import pytest
from werkzeug.test import TestResponse

from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.hub import CONTENT, write_text, writing
from tests.world import ELIF, INGRID, MARA

PUBLIC, CUSTOMERS = "tarnby-freight", "month-end-approvals"
OF_OSKELUND, OF_VENDOR = "oskelund-monday-report", "unused-feature-conversation"


pytestmark = pytest.mark.usefixtures("hub_file")


def titles(response: TestResponse) -> set[str]:
    """Slugs of the texts that the page links to."""
    assert response.status_code == 200
    return set(re.findall(r'href="/knowledge/([a-z0-9-]+)"', response.text))


def public_by_type() -> dict[str, set[str]]:
    """Slugs of the files that say so, by folder."""
    found: dict[str, set[str]] = {}
    for path in CONTENT.glob("*/*.en.md"):
        if re.search(r"^audience: public$", path.read_text(encoding="utf-8"), re.MULTILINE):
            found.setdefault(path.parent.name, set()).add(path.name.partition(".")[0])
    return found


def test_a_visitor_reads_what_is_public_and_only_that(door: Door) -> None:
    page = door.visitor().get("/knowledge")
    found, public = titles(page), public_by_type()
    assert found <= set().union(*public.values())
    for slugs in public.values():
        assert len(found & slugs) == min(4, len(slugs))
    assert "Sign in" in page.text
    assert door.visitor().get(f"/knowledge/{PUBLIC}").status_code == 200


@pytest.mark.parametrize("slug", [CUSTOMERS, OF_OSKELUND, OF_VENDOR, "not-there"])
def test_a_visitor_is_asked_to_sign_in_whether_it_is_there_or_not(door: Door, slug: str) -> None:
    response = door.visitor().get(f"/knowledge/{slug}")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    ("email", "slug", "status"),
    [
        (INGRID, PUBLIC, 200),
        (INGRID, CUSTOMERS, 200),
        (INGRID, OF_OSKELUND, 200),
        (INGRID, OF_VENDOR, 404),
        (ELIF, OF_OSKELUND, 404),
        (MARA, OF_OSKELUND, 200),
        (MARA, OF_VENDOR, 200),
        (MARA, "not-there", 404),
    ],
)
def test_pages_open_for_their_readers(door: Door, email: str, slug: str, status: int) -> None:
    assert door.sign_in(email).get(f"/knowledge/{slug}").status_code == status


def test_the_frames_lead_to_the_hub(door: Door) -> None:
    for email in (INGRID, MARA):
        page = door.sign_in(email).get("/knowledge")
        assert re.search(r'href="/knowledge" aria-current="page"', page.text)


def test_a_practice_opens_with_its_figures_and_its_outline(door: Door) -> None:
    page = door.sign_in(INGRID).get(f"/knowledge/{CUSTOMERS}")
    words = text_of(page)
    assert "41 → 9 h Waiting time at the last approver" in words.replace("\u00a0", " ")
    assert '<a href="#s-method">Method</a>' in page.text
    assert 'id="s-method"' in page.text
    assert '<a class="chip" href="/knowledge?feature=escalation-rules">Escalation rules</a>' in (
        page.text
    )
    assert "3 minutes" in words


def test_a_case_says_with_whose_consent(door: Door) -> None:
    words = text_of(door.visitor().get(f"/knowledge/{PUBLIC}")).replace("\u00a0", " ")
    assert "consent of 14 June 2026" in words
    assert "12 before, 5 after" in words


def test_a_text_without_comparison_shows_its_effect_in_words(door: Door) -> None:
    words = text_of(door.sign_in(INGRID).get("/knowledge/leaver-hand-over"))
    assert "Orphaned tasks per leaver 17 → 1" in words.replace("\u00a0", " ")


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_pages_stand_in_the_reader_s_language(door: Door, locale: str) -> None:
    page = door.visitor().get(f"/knowledge/{PUBLIC}?locale={locale}")
    title = {"en": "eleven depots", "zh-Hans": "十一个站点", "zh-Hant": "十一個營業所"}[locale]
    assert title in page.text
    others = {"en", "zh-Hans", "zh-Hant"} - {locale}
    assert set(re.findall(r'<a href="\?locale=([\w-]+)" lang', page.text)) >= others


def test_a_missing_language_is_said(door: Door, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("texts")
    write_text(folder, "only-english", "public")
    with writing(door.world.database) as session:
        load_content(session, folder)
    page = door.visitor().get("/knowledge/only-english?locale=zh-Hant")
    assert '<article lang="en">' in page.text
    assert 'class="note"' in page.text
    assert "繁體中文" in text_of(page)


def test_shelves_and_lists_count_what_the_reader_sees(door: Door) -> None:
    ingrid, elif_ = door.sign_in(INGRID), door.sign_in(ELIF)
    assert "Guides 2" in text_of(ingrid.get("/knowledge"))
    assert "Guides 1" in text_of(elif_.get("/knowledge"))
    assert titles(ingrid.get("/knowledge?type=guide")) == {
        OF_OSKELUND,
        "escalation-rules-settings",
    }
    assert titles(elif_.get("/knowledge?type=guide")) == {"escalation-rules-settings"}
    assert OF_OSKELUND not in titles(elif_.get("/knowledge?feature=live-dashboards"))
    assert OF_OSKELUND in titles(ingrid.get("/knowledge?feature=live-dashboards"))


def test_a_long_list_has_pages(door: Door, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("texts")
    for number in range(12):
        write_text(folder, f"text-{number}", "public")
    with writing(door.world.database) as session:
        load_content(session, folder)
    first = door.visitor().get("/knowledge?type=faq")
    assert 'href="/knowledge?type=faq&amp;page=2" rel="next"' in first.text
    assert re.search(r"1–10 of \d\d", text_of(first))
    second = door.visitor().get("/knowledge?type=faq&page=2")
    assert len(titles(first) | titles(second)) >= 13
    assert door.visitor().get("/knowledge?type=faq&page=99").status_code == 200


def test_odd_addresses_are_answered(door: Door) -> None:
    for query in ("type=poem", "feature=../x", "feature=" + "a" * 200):
        assert door.visitor().get(f"/knowledge?{query}").status_code == 404
    for query in ("page=-1", "page=x", "page=99999999999", "feature=unheard-of"):
        assert door.visitor().get(f"/knowledge?{query}").status_code == 200


class TestUnchanged:
    def test_a_page_that_is_held_is_not_sent_again(self, door: Door) -> None:
        ingrid = door.sign_in(INGRID)
        for path in ("/knowledge", "/knowledge?type=guide", f"/knowledge/{PUBLIC}"):
            ingrid.get(path)
            first = ingrid.get(path)
            again = ingrid.get(path, headers={"If-None-Match": first.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")

    def test_it_is_sent_again_in_another_language_theme_or_role(self, door: Door) -> None:
        ingrid, visitor = door.sign_in(INGRID), door.visitor()
        tag = ingrid.get(f"/knowledge/{PUBLIC}").headers["ETag"]
        held = {"If-None-Match": tag}
        assert visitor.get(f"/knowledge/{PUBLIC}", headers=held).status_code == 200
        ingrid.set_cookie("paceline_theme", "dark")
        assert ingrid.get(f"/knowledge/{PUBLIC}", headers=held).status_code == 200

    def test_it_is_sent_again_after_a_change(
        self, door: Door, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        ingrid = door.sign_in(INGRID)
        held = {"If-None-Match": ingrid.get("/knowledge").headers["ETag"]}
        folder = tmp_path_factory.mktemp("texts")
        write_text(folder, "fresh", "public")
        with writing(door.world.database) as session:
            load_content(session, folder)
        assert ingrid.get("/knowledge", headers=held).status_code == 200

    def test_what_is_not_public_is_kept_nowhere(self, door: Door) -> None:
        ingrid = door.sign_in(INGRID)
        private = ingrid.get(f"/knowledge/{OF_OSKELUND}")
        assert private.headers["Cache-Control"] == "no-store"
        assert private.headers["X-Robots-Tag"] == "noindex"
        public = ingrid.get(f"/knowledge/{PUBLIC}")
        assert public.headers["Cache-Control"] == "private, no-cache"
        assert "X-Robots-Tag" not in public.headers
