"""Every page that a role can reach by links is sound: it answers, says what it is, can be used by
everyone, fits a phone, and nothing in it complains.
"""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from portal.domain.permissions import Role
from tests.browser.conftest import PHONE, WIDE, Opens
from tests.browser.likeness import Likeness
from tests.browser.site import Site
from tests.browser.watch import check_access, check_head, check_width

DEEPEST = 4
NARROW = (PHONE["width"], 320)
# One report is like another, and so is one order of a table.
SAMPLES = {"page": 2, "question": 1, "file": 1}
# Every component in every state: four times as long as any other, and test_design's own subject.
EXAMINED = "/design"
LONGEST_WAIT = 60_000  # ms; a PDF is made when it is asked for

ROLES = ["visitor", *(role.value for role in Role if role != Role.VISITOR)]
CHINESE = [("chen@heliox.example", "zh-Hans"), ("lin@ferrymark.example", "zh-Hans")]
CHINESE += [("wu@heliox.example", "zh-Hans"), ("lin@pellan.example", "zh-Hant")]


@pytest.fixture(scope="package")
def likeness() -> Likeness:
    return Likeness()


@pytest.mark.parametrize("who", ROLES)
def test_every_page_of_a_role(open_page: Opens, site: Site, likeness: Likeness, who: str) -> None:
    """Looked at where no role before saw the same, closely where none saw a page built alike."""
    page = open_page(who, viewport=PHONE)
    for path in pages(page, site, likeness):
        check_head(page, "en")
        closely = path != EXAMINED and "?" not in path and likeness.is_new(page)
        check_widths(page, closely=closely)


@pytest.mark.parametrize(("who", "language"), CHINESE)
def test_every_page_in_chinese(
    open_page: Opens, site: Site, likeness: Likeness, who: str, language: str
) -> None:
    page = open_page(who, viewport=PHONE)
    for path in pages(page, site, likeness):
        check_head(page, language)
        if path != EXAMINED:
            check_widths(page)


def check_widths(page: Page, *, closely: bool = False) -> None:
    """`closely`: as on a phone at night, and on a desk by day. Begins at the width at which the
    page before ended: laying out costs more than looking.
    """
    ended = page.viewport_size["width"] if page.viewport_size else 0
    for width in sorted(NARROW, key=lambda one: one != ended):
        check_width(page, width)
        if closely and width == PHONE["width"]:
            page.emulate_media(color_scheme="dark")
            check_access(page)
            page.emulate_media(color_scheme="light")
    if closely:
        page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a plain dict of two numbers
        check_access(page)


def pages(page: Page, site: Site, likeness: Likeness) -> Iterator[str]:
    """Asks for what links lead to, from the first page on, a few of each kind; opens the pages that
    nobody was sent before word for word.
    """
    waiting, known, kinds = [("/", 0)], {"/"}, Counter[object]()
    while waiting:
        path, depth = waiting.pop(0)
        kind = kind_of(site, path)
        if kind is None or kinds[kind] >= SAMPLES[sort_of(path)]:
            continue
        kinds[kind] += 1
        if sort_of(path) == "file":
            answer = page.request.get(path, timeout=LONGEST_WAIT)
            assert answer.ok, f"{answer.status} {path}"
            continue
        opened = page.goto(path, wait_until="commit", timeout=LONGEST_WAIT)
        assert opened is not None
        assert opened.ok, f"{opened.status} {path}"
        source, address = opened.text(), opened.url
        if likeness.says_something_new(source):
            page.wait_for_load_state()
            yield path
        if depth < DEEPEST:
            for link in links_of(source, address, site):
                if link not in known:
                    known.add(link)
                    waiting.append((link, depth + 1))


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value or "" for name, value in attrs if name == "href"]


def links_of(source: str, address: str, site: Site) -> list[str]:
    """Paths with their questions, on this site, apart from the switches of language and theme."""
    links = Links()
    links.feed(source)
    found = [urljoin(address, link) for link in links.found]
    parts = [urlsplit(link) for link in found if link.startswith(site.address + "/")]
    return [
        part.path + (f"?{part.query}" if part.query else "")
        for part in parts
        if not {name for name, _value in parse_qsl(part.query)} & {"locale", "theme"}
    ]


def kind_of(site: Site, path: str) -> object:
    """Endpoint and names of the question."""
    part = urlsplit(path)
    try:
        endpoint, _values = site.app.url_map.bind("127.0.0.1").match(part.path)
    except HTTPException as error:
        raise AssertionError(f"{path} is linked and leads nowhere") from error
    if endpoint == "static":
        return None
    return endpoint, frozenset(name for name, _value in parse_qsl(part.query))


def sort_of(path: str) -> str:
    part = urlsplit(path)
    if part.path.rpartition(".")[2] in {"csv", "ics", "json", "pdf"}:
        return "file"
    return "question" if part.query else "page"
