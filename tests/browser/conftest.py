"""Chromium, the live site, and pages of the cast's people in it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.demo.cast import LOGINS, PASSWORD
from tests.browser.site import Site, running_site
from tests.browser.watch import Watch

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-gpu",
]
FOLDER = Path(__file__).parent
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# A ceiling for what never comes; how quick a page is, no test of this folder asks.
PATIENCE = 60_000  # ms
expect.set_options(timeout=PATIENCE)

Opens = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Of the folder and not of the session: the event loop that Playwright keeps running would be in
# the way of others' tests.
@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("PACELINE_TEST_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def signed_in(site: Site, chromium: Browser) -> Callable[[str], Any]:
    """The cookies of somebody of the cast, who signs in over the form at most once."""
    kept: dict[str, Any] = {}

    def state_of(email: str) -> Any:
        if email not in kept:
            with chromium.new_context(base_url=site.address) as context:
                context.set_default_timeout(PATIENCE)
                sign_in(context.new_page(), email)
                kept[email] = context.storage_state()
        return kept[email]

    return state_of


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Hears every page of the test, and fails it where one complained."""
    watch = Watch()
    yield watch
    assert watch.complaints == []


@pytest.fixture
def open_page(
    site: Site, chromium: Browser, signed_in: Callable[[str], Any], watch: Watch
) -> Iterator[Opens]:
    """`open_page("champion", path="/adoption", viewport=PHONE)`: a browser of that person."""
    contexts = []

    def opens(who: str = "visitor", path: str | None = None, **options: Any) -> Page:
        if who != "visitor":
            options["storage_state"] = signed_in(email_of(who))
        options.setdefault("viewport", WIDE)
        # Colours are measured as they stay, not on their way.
        options.setdefault("reduced_motion", "reduce")
        context = chromium.new_context(base_url=site.address, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        if path is not None:
            page.goto(path)
        return page

    yield opens
    for context in contexts:
        context.close()


def email_of(who: str) -> str:
    """The address of the cast's first person of that role, or of that name."""
    return next(one.email for one in LOGINS if who in {one.role, one.handle, one.email})


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("Work mail").fill(email)
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()


def expect_answer(page: Page, question: str) -> None:
    """What is found while typing lags behind: until it is the answer to the whole question."""
    expect(page.locator(f'[data-find-panel] [data-question="{question}"]')).to_be_visible()
