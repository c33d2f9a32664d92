"""Every component in every state, at both widths and in both themes."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PHONE, WIDE, Opens
from tests.browser.watch import check_access, check_head, check_width


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_components(open_page: Opens, tmp_path: Path, size: dict[str, int], theme: str) -> None:
    page = open_page("editor", "/design", viewport=size, color_scheme=theme)
    check_head(page, "en")
    check_access(page)
    picture = tmp_path / f"design-{size['width']}-{theme}.png"
    page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 50_000
    check_width(page, size["width"])


def test_both_themes_differ(open_page: Opens) -> None:
    grounds = {
        open_page("editor", "/design", color_scheme=theme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for theme in ("light", "dark")
    }
    assert len(grounds) == 2


def test_chromium_is_the_distribution_s(chromium: Browser) -> None:
    assert int(chromium.version.partition(".")[0]) >= 120
