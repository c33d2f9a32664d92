"""Requests found by the search: by a sentence, in Chinese, at the desk, and never another's."""

import pytest

from portal.db import Database
from portal.domain.requests import Visibility
from portal.services.requests.named import find_named
from portal.services.requests.shared_search import search_shared
from tests.services.requests.town import PAUL, SCENE, Town
from tests.world import ELIF, INGRID, MARA, PIA, build_world


@pytest.fixture
def town(database: Database) -> Town:
    town = Town(build_world(database))
    town.hand_in(PIA, title="Export invoices by region", told=SCENE)
    town.hand_in(PIA, title="按区域导出报表", told=SCENE)
    town.hand_in(PIA, title="Export salaries", visibility=Visibility.PRIVATE)
    town.hand_in(ELIF, title="Export of plants")
    return town


def titles(town: Town, email: str, text: str) -> list[str]:
    total, found = town.call(email, find_named, text, 10)
    assert total == len(found) == town.call(email, find_named, text, 0)[0]
    return [one.title for one in found]


def test_a_sentence_finds_what_holds_most_of_it(town: Town) -> None:
    asked = "How could we be exporting all the invoices of one region at once"
    assert titles(town, INGRID, asked) == ["Export invoices by region"]
    assert titles(town, INGRID, "我们想要導出區域的報表") == ["按区域导出报表"]
    # Half-known words are no answer, and parts of words are, while somebody types.
    assert titles(town, INGRID, "exporting zeppelins through fifteen hangars") == []
    assert titles(town, INGRID, "invoices tomorrow") == []
    assert titles(town, INGRID, "invoi regi") == ["Export invoices by region"]


def test_each_finds_what_they_may_see(town: Town) -> None:
    expected = {
        PIA: {"Export invoices by region", "Export salaries"},
        INGRID: {"Export invoices by region"},
        ELIF: {"Export of plants"},
        MARA: {"Export invoices by region", "Export salaries"},
        PAUL: {"Export invoices by region", "Export salaries", "Export of plants"},
    }
    for email, seen in expected.items():
        assert set(titles(town, email, "export")) == seen


def test_the_desk_finds_a_code_and_says_whose_it_is(town: Town) -> None:
    _, (first, *_rest) = town.call(PAUL, find_named, "export of plants", 1)
    assert (first.title, first.account) == ("Export of plants", "Quillon Insurance")
    _, (same,) = town.call(PAUL, find_named, first.code.lower(), 5)
    assert same == first
    assert titles(town, MARA, first.code) == []


def test_a_shared_one_is_found_by_a_sentence(town: Town) -> None:
    key = town.share()
    total, found = town.call(ELIF, search_shared, "could we export each by its own region", 5)
    assert (total, [one.key for one in found]) == (1, [key])
