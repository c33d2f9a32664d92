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
from tests.courses import load_course, write_course
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
        assert sorted(codes) == ["en", "x-default", "zh-Hans", "zh-Hant"]


def test_robots_are_shown_the_public_places_only(door: Door) -> None:
    lines = door.visitor().get("/robots.txt").text.splitlines()
    assert "Disallow: /" in lines
    assert {"Allow: /knowledge", "Allow: /courses"} <= set(lines)
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
        "x-default",
        "zh-Hans",
        "zh-Hant",
    ]
    assert f'hreflang="x-default" href="http://localhost/knowledge/{PUBLIC}"' in page
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


def test_a_public_course_and_its_lessons_are_open_to_search_engines(
    door: Door, tmp_path: Path
) -> None:
    folder = tmp_path / "courses-of-all"
    write_course(folder, "open", audience="public", locales=("en", "zh-Hans"), quiz=False)
    write_course(folder, "ours", audience="customers", quiz=False)
    load_course(door.world.database, folder)
    visitor = door.visitor()
    page = visitor.get("/courses/open?locale=zh-Hans").text
    assert '<link rel="canonical" href="http://localhost/courses/open?locale=zh-Hans">' in page
    about = described(page)
    assert (about["@type"], about["inLanguage"]) == ("Course", "zh-Hans")
    assert about["hasCourseInstance"]["courseWorkload"] == "PT12M"
    lesson = visitor.get("/courses/open/lessons/find?locale=en").text
    codes = re.findall(r'hreflang="([\w-]+)" href="http', lesson)
    assert sorted(codes) == ["en", "x-default", "zh-Hans"]
    assert described(lesson)["isPartOf"]["url"] == "http://localhost/courses/open?locale=en"
    assert "http://localhost/courses/open?locale=en" in visitor.get("/sitemap-1.xml").text
    assert "/courses/ours" not in visitor.get("/sitemap-1.xml").text
    for address in ("/courses/ours", "/courses/ours/lessons/find"):
        hidden = door.sign_in(INGRID).get(address)
        assert "ld+json" not in hidden.text
        assert "canonical" not in hidden.text
        assert hidden.headers["X-Robots-Tag"] == "noindex"


def test_an_event_says_when_and_where(door: Door, tmp_path: Path) -> None:
    write_text(
        tmp_path / "events-of-all",
        "open-day",
        "public",
        type="event",
        kind="open-class",
        starts_at="2026-12-01 09:00",
        ends_at="2026-12-01 10:30",
        zone="Europe/Oslo",
        place="Hall 4",
        link="https://meet.example/day",
    )
    load_course(door.world.database, tmp_path / "events-of-all")
    about = described(door.visitor().get("/knowledge/open-day").text)
    assert about["@type"] == "Event"
    assert about["startDate"].startswith("2026-12-01T08:00")
    assert [one["@type"] for one in about["location"]] == ["Place", "VirtualLocation"]
    assert about["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")


def described(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    about: dict[str, Any] = json.loads(found[1])
    return about
