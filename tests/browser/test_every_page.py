"""Every page that a role can reach by links is sound: it answers, says what it is, can be used by
everyone, fits a phone, and nothing in it complains.
"""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from portal.domain.permissions import Role
from tests.browser.conftest import WIDE, Opens
from tests.browser.likeness import Likeness
from tests.browser.site import Site
from tests.browser.watch import check_access, check_head, check_width

# A link within a drawing tells its address another way.
LINKS = "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
DEEPEST = 4
# One report is like another, and so is one order of a table.
SAMPLES = {"page": 2, "question": 1, "file": 1}
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
    page = open_page(who)
    for path in pages(page, site):
        check_head(page, "en")
        if likeness.says_something_new(page):
            check_widths(page, closely="?" not in path and likeness.is_new(page))


@pytest.mark.parametrize(("who", "language"), CHINESE)
def test_every_page_in_chinese(
    open_page: Opens, site: Site, likeness: Likeness, who: str, language: str
) -> None:
    page = open_page(who)
    for path in pages(page, site):
        check_head(page, language)
        if path != "/design" and likeness.says_something_new(page):
            check_widths(page)


def check_widths(page: Page, *, closely: bool = False) -> None:
    """`closely`: as on a phone at night, and on a desk by day."""
    check_width(page, 320)
    check_width(page, 390)
    if closely:
        page.emulate_media(color_scheme="dark")
        check_access(page)
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a plain dict of two numbers
    if closely:
        check_access(page)


def pages(page: Page, site: Site) -> Iterator[str]:
    """Opens what links lead to, from the first page on, and asks for files; a few of each kind."""
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
        answered = page.goto(path)
        assert answered is not None
        assert answered.status == 200, f"{answered.status} {path}"
        yield path
        if depth < DEEPEST:
            for link in links_of(page, site):
                if link not in known:
                    known.add(link)
                    waiting.append((link, depth + 1))


def links_of(page: Page, site: Site) -> list[str]:
    """Paths with their questions, on this site, apart from the switches of language and theme."""
    found = page.eval_on_selector_all("a[href]", LINKS)
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
    if part.path.rpartition(".")[2] in {"csv", "pdf", "json"}:
        return "file"
    return "question" if part.query else "page"
