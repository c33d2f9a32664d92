"""What machines read of the hub: only what is public, unless somebody is signed in."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from werkzeug.test import TestResponse

from portal.locales import LOCALES
from portal.services.content_files import load_content
from tests.apps import Door
from tests.hub import write_text, writing
from tests.world import ELIF, INGRID, MARA

PUBLIC, CUSTOMERS = "for-everyone", "for-customers"
OF_OSKELUND, OF_VENDOR = "for-oskelund", "for-the-vendor"
PRIVATE = [CUSTOMERS, OF_OSKELUND, OF_VENDOR]
MAPS = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9"}
LINK = "{http://www.w3.org/1999/xhtml}link"
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def _content(door: Door, tmp_path: Path) -> None:
    for locale in LOCALES:
        write_text(tmp_path, PUBLIC, "public", locale=locale)
    write_text(tmp_path, CUSTOMERS, "customers")
    write_text(tmp_path, OF_OSKELUND, "{accounts: [oskelund-foods]}")
    write_text(tmp_path, OF_VENDOR, "vendor")
    with writing(door.world.database) as session:
        load_content(session, tmp_path)


def read(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 # what the portal itself wrote


def slugs(response: TestResponse) -> set[str]:
    assert response.status_code == 200
    return set(re.findall(r"/knowledge/([a-z0-9-]+)[?\"<]", response.text))


@pytest.mark.parametrize("email", [None, INGRID, MARA])
def test_the_site_map_holds_what_is_public_whoever_asks(door: Door, email: str | None) -> None:
    client = door.sign_in(email) if email else door.visitor()
    index = read(client.get("/sitemap.xml").data)
    assert [loc.text for loc in index.iterfind(".//map:loc", MAPS)] == [
        "http://localhost/sitemap-1.xml"
    ]
    part = client.get("/sitemap-1.xml")
    assert slugs(part) == {PUBLIC}
    assert client.get("/sitemap-2.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_each_address_of_a_text_names_its_other_languages(door: Door) -> None:
    part = read(door.visitor().get("/sitemap-1.xml").data)
    ours = [
        url
        for url in part.iterfind("map:url", MAPS)
        if f"/{PUBLIC}?" in (url.findtext("map:loc", "", MAPS) or "")
    ]
    assert len(ours) == 3
    for url in ours:
        codes = [link.attrib["hreflang"] for link in url.iterfind(LINK)]
        assert sorted(codes) == ["en", "zh-Hans", "zh-Hant"]


def test_robots_are_shown_the_public_places_only(door: Door) -> None:
    lines = door.visitor().get("/robots.txt").text.splitlines()
    assert "Disallow: /" in lines
    assert "Sitemap: http://localhost/sitemap.xml" in lines


@pytest.mark.parametrize(
    ("email", "hidden"), [(None, PRIVATE), (ELIF, [OF_OSKELUND, OF_VENDOR]), (INGRID, [OF_VENDOR])]
)
def test_the_feed_is_the_readers_own(door: Door, email: str | None, hidden: list[str]) -> None:
    client = door.sign_in(email) if email else door.visitor()
    answer = client.get("/knowledge/feed.atom")
    feed = read(answer.data)
    assert feed.findall("atom:entry", ATOM)
    assert not slugs(answer) & set(hidden)
    assert ("no-store" in answer.headers["Cache-Control"]) == bool(email)


@pytest.mark.parametrize(
    ("email", "slug", "status"),
    [
        (None, PUBLIC, 200),
        (None, CUSTOMERS, 404),
        (ELIF, OF_OSKELUND, 404),
        (INGRID, OF_OSKELUND, 200),
        (INGRID, OF_VENDOR, 404),
        (None, "not-there", 404),
    ],
)
def test_a_text_as_markdown_is_for_its_readers(
    door: Door, email: str | None, slug: str, status: int
) -> None:
    client = door.sign_in(email) if email else door.visitor()
    answer = client.get(f"/knowledge/{slug}.md")
    assert answer.status_code == status
    if status == 200 and slug != PUBLIC:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_markdown_is_the_authors_in_the_readers_language(door: Door) -> None:
    answer = door.visitor().get(f"/knowledge/{PUBLIC}.md?locale=zh-Hant")
    assert answer.text.endswith(f"## Answer\n\nThe 企鵝 of {PUBLIC}.\n")
    assert answer.headers["Content-Language"] == "zh-Hant"
    assert answer.content_type == "text/markdown; charset=utf-8"


def test_a_public_text_says_what_it_is_to_search_engines(door: Door) -> None:
    page = door.visitor().get(f"/knowledge/{PUBLIC}?locale=zh-Hans").text
    assert (
        f'<link rel="canonical" href="http://localhost/knowledge/{PUBLIC}?locale=zh-Hans">' in page
    )
    assert sorted(re.findall(r'hreflang="([\w-]+)" href="http', page)) == [
        "en",
        "zh-Hans",
        "zh-Hant",
    ]
    about = described(page)
    assert (about["@type"], about["inLanguage"]) == ("FAQPage", "zh-Hans")
    question = about["mainEntity"][0]
    assert question["name"] == f"企鹅 {PUBLIC}"
    assert f"<p>The 企鹅 of {PUBLIC}.</p>" in question["acceptedAnswer"]["text"]


def test_a_text_that_is_not_public_says_nothing_to_search_engines(door: Door) -> None:
    page = door.sign_in(INGRID).get(f"/knowledge/{CUSTOMERS}")
    assert '<meta name="robots" content="noindex">' in page.text
    assert "ld+json" not in page.text
    assert "canonical" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"


def described(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    about: dict[str, Any] = json.loads(found[1])
    return about
