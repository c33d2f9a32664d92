"""Pages that readers open in Chinese say nothing in English that the catalogue knows."""

import re

import pytest

from tests.apps import Door
from tests.translations.catalogues import collected
from tests.translations.test_templates import Visible
from tests.world import OSKELUND

PLACES = {
    "champion": ("/", "/adoption", "/adoption/people", "/knowledge", "/reports", "/people", "/me"),
    "member": ("/", "/knowledge", "/me"),
    "executive": ("/", "/reports"),
    "csm": ("/", "/accounts", f"/accounts/{OSKELUND.key}", "/reports", "/people"),
    "editor": ("/", "/knowledge"),
    "product": ("/",),
    "admin": (
        *("/", "/admin/events", "/admin/settings", "/admin/assignments", "/admin/users"),
        *("/admin/keys", "/admin/mails", "/admin/jobs", "/admin/audit"),
    ),
    "visitor": ("/sign-in", "/nothing-here"),
}
CASES = [(role, path) for role, paths in PLACES.items() for path in paths]
# Chinese pages say these as English ones do.
SAME = frozenset({"API"})


def _visible(page: str) -> set[str]:
    found = Visible()
    found.feed(page)
    found.close()
    return {re.sub(r"\s+", " ", said).strip() for said in found.said}


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize(("role", "path"), CASES)
def test_a_page_is_translated(door: Door, role: str, path: str, locale: str) -> None:
    answer = door.role(role).get(f"{path}?locale={locale}")
    assert answer.status_code in {200, 404}
    assert f'<html lang="{locale}"' in answer.text
    english = {message for _context, message in collected()} - SAME
    assert not _visible(answer.text) & english


def test_the_same_page_in_english_would_be_noticed(door: Door) -> None:
    page = door.role("champion").get("/me?locale=en").text
    assert "Your profile" in _visible(page) & {message for _context, message in collected()}
