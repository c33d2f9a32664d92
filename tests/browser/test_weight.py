"""What a first visit loads, as sent: at most 100 KB in all, 40 KB of it script, all from us."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request

from tests.browser.conftest import Opens
from tests.browser.site import Site

KB = 1000
MOST, MOST_SCRIPT = 100 * KB, 40 * KB


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("visitor", "/sign-in"),
        ("champion", "/"),
        ("champion", "/adoption"),
        ("member", "/knowledge"),
        ("chen@heliox.example", "/adoption"),
        ("manager", "/"),
        ("manager", "/accounts/oskelund-foods"),
    ],
)
def test_first_page_is_light(open_page: Opens, site: Site, who: str, path: str) -> None:
    page = open_page(who)
    sent: list[Request] = []
    page.on("requestfinished", lambda request: sent.append(request))  # noqa: PLW0108 # Playwright marks the function, which a bound method of a list refuses
    page.goto(path, wait_until="networkidle")
    sizes = {one.url: size_of(one) for one in sent}
    assert {urlsplit(url).netloc for url in sizes} == {urlsplit(site.address).netloc}
    document = next(one for one in sent if one.resource_type == "document")
    answer = document.response()
    assert answer is not None
    assert answer.header_value("content-encoding") == "gzip"
    script = sum(size_of(one) for one in sent if one.resource_type == "script")
    assert 0 < script <= MOST_SCRIPT
    assert sum(sizes.values()) <= MOST, sizes


def size_of(request: Request) -> int:
    """Bytes of the answer as it came over the wire, head and body."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
