"""Others' clients for browsers, unmodified, in a page of the vendor's product: another origin."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from portal.db import Database
from tests.processes.intake import counted, fold, refused, write_key
from tests.processes.lossy import LossyLine, lossy_line
from tests.processes.node import install_clients
from tests.processes.portal_process import PortalProcess
from tests.world import OSKELUND, build_world

TRACKED = 20
PATIENCE_SECONDS = 300


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the library's name
        """Says nothing."""


@pytest.fixture(scope="module")
def product() -> Iterator[str]:
    """The address of the vendor's product."""
    handler = partial(_Quiet, directory=str(install_clients()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def portal(sqlite_database: Database, tmp_path: Path) -> Iterator[PortalProcess]:
    build_world(sqlite_database)
    started = PortalProcess(sqlite_database.url, tmp_path, workers=1)
    started.start()
    yield started
    started.kill()


def arrived(database: Database) -> int:
    fold(database)
    return sum(counted(database).values())


def wait_until(page: Page, done: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while not done() and time.monotonic() < limit:
        page.wait_for_timeout(200)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with closing(chromium.new_page()) as page:
        yield page


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console tells as wrong."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_segment_s_client_sends_where_it_is_told_to(
    product: str,
    page: Page,
    complaints: list[str],
    portal: PortalProcess,
    sqlite_database: Database,
) -> None:
    page.goto(address(product, "segment", portal.address, write_key(sqlite_database)))
    page.evaluate("window.done")
    wait_until(page, lambda: arrived(sqlite_database) >= TRACKED + 1)
    assert (arrived(sqlite_database), complaints) == (TRACKED + 1, [])
    assert refused(sqlite_database) == {}


def test_segment_s_client_on_a_lossy_line(
    product: str, page: Page, portal: PortalProcess, sqlite_database: Database
) -> None:
    """Who it is, the account and a page, beside the tracked events."""
    with lossy_line(portal.port, most=3) as line:
        to = line.address.removeprefix("http://")
        key = write_key(sqlite_database)
        page.goto(address(product, "segment", line.address, key, to=to))
        page.evaluate("window.done")
        wait_until(page, lambda: posts(line) >= TRACKED + 3 + line.most)
    assert (arrived(sqlite_database), line.lost) == (TRACKED + 1, 3)
    assert refused(sqlite_database) == {}


def test_posthog_s_client(
    product: str, page: Page, portal: PortalProcess, sqlite_database: Database
) -> None:
    """Beside the tracked events: the page view, the press of the button, and the leaving."""
    with lossy_line(portal.port) as line:
        page.goto(address(product, "posthog", line.address, write_key(sqlite_database)))
        wait_until(page, lambda: any("retry_count=1" in one for one in line.heard))
        wait_until(page, lambda: arrived(sqlite_database) >= TRACKED + 1)
        page.get_by_role("button").click()
        wait_until(page, lambda: arrived(sqlite_database) >= TRACKED + 2)
        page.goto("about:blank")
        wait_until(page, lambda: arrived(sqlite_database) >= TRACKED + 3)
    assert (arrived(sqlite_database), line.lost) == (TRACKED + 3, 1)
    assert refused(sqlite_database) == {}


def test_posthog_s_client_finds_what_it_asks_for(
    product: str,
    page: Page,
    complaints: list[str],
    portal: PortalProcess,
    sqlite_database: Database,
) -> None:
    page.goto(address(product, "posthog", portal.address, write_key(sqlite_database)))
    wait_until(page, lambda: arrived(sqlite_database) >= TRACKED + 1)
    assert (arrived(sqlite_database), complaints) == (TRACKED + 1, [])


def address(product: str, name: str, host: str, key: str, **more: str) -> str:
    asked = {"host": host, "key": key, "account": OSKELUND.key, "count": str(TRACKED), **more}
    return f"{product}/{name}.html?{urlencode(asked)}"


def posts(line: LossyLine) -> int:
    return sum(one.startswith("POST") for one in line.heard)
