"""What a page must be, whatever it shows."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

# As wide as the content; what is wider than the window scrolls sideways.
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1)
    .map((one) => `${one.tagName}.${one.className}`).slice(0, 5);
}"""
HEAD = """() => ({
  h1: document.querySelectorAll("h1").length,
  title: document.title.trim(),
  lang: document.documentElement.lang,
  main: document.querySelectorAll("main").length,
})"""

# No rule in use asks for style sheets of other hosts, which axe would fetch first.
VIOLATIONS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], preload: false});
  return found.violations;
}"""


class Watch:
    """Complaints of the pages watched: the console's, the policy's, answers that failed."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.expected: set[int] = set()

    def over(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # A failed request is told by its answer below, with its status.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status} {response.url}")


def check_head(page: Page, language: str) -> None:
    found = page.evaluate(HEAD)
    assert found["h1"] == 1, f"{page.url} has {found['h1']} h1"
    assert found["main"] == 1, page.url
    assert found["title"].endswith("· Ferrymark"), f"{page.url} is titled {found['title']!r}"
    assert not found["title"].startswith("·"), page.url
    assert found["lang"] == language, page.url


def check_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    wide = page.evaluate(SIDEWAYS)
    assert wide == [], f"{page.url} scrolls sideways at {width} px: {wide}"


def check_access(page: Page) -> None:
    """No violation of an accessibility rule of axe-core."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    told = [_told(violation) for violation in page.evaluate(VIOLATIONS)]
    assert told == [], f"{page.url}: {told}"


def _told(violation: dict[str, Any]) -> str:
    places = [node["target"] for node in violation["nodes"]][:5]
    return f"{violation['id']} at {places}: {violation['nodes'][0].get('failureSummary', '')[:300]}"
