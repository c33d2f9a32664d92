"""Requests on other pages: the start page, the search, and the way from a search to a request."""

import pytest

from portal.domain.requests import Visibility
from portal.services.requests.voices import vote
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.requests.people import town
from tests.blueprints.requests.test_reading import release
from tests.blueprints.usage import morning
from tests.services.requests.town import Town
from tests.world import ELIF, HENRIK, INGRID, MARA, PIA

__all__ = ["morning", "town"]
pytestmark = pytest.mark.usefixtures("morning")


def test_what_waits_for_a_word_stands_on_the_start_page(door: Door, town: Town) -> None:
    release(town, key := town.hand_in(INGRID, title="Own plants"))
    asked = "Say whether “Own plants” works"
    page = door.sign_in(INGRID).get("/")
    assert asked in text_of(page)
    assert f'href="/requests/{key}"' in page.text
    assert asked not in text_of(door.sign_in(PIA).get("/"))
    town.call(PIA, vote, key)
    assert asked in text_of(door.sign_in(PIA).get("/"))
    assert asked not in text_of(door.sign_in(ELIF).get("/"))


def test_the_search_finds_requests_of_ones_company(door: Door, town: Town) -> None:
    key = town.hand_in(INGRID, title="Plants of our own")
    town.hand_in(INGRID, title="Plants nobody sees", visibility=Visibility.PRIVATE)
    town.hand_in(ELIF, title="Plants of Quillon")
    for email in (PIA, HENRIK):
        page = door.sign_in(email).get("/search?q=plants&kind=request")
        assert f'href="/requests/{key}"' in page.text
        assert "nobody sees" not in page.text
        assert "of Quillon" not in page.text
    assert "nobody sees" in text_of(door.sign_in(INGRID).get("/search?q=plants&kind=request"))
    # The desk finds what it shows, where it shows it.
    desk = door.sign_in(MARA).get("/search?q=plants&kind=request").text
    assert f'href="/triage/{key}"' in desk
    assert "of Quillon" not in desk
    assert "of our own" not in text_of(door.visitor().get("/search?q=plants&kind=request"))


def test_what_is_not_found_becomes_a_question(door: Door) -> None:
    page = door.sign_in(PIA).get("/search?q=xyzzy")
    assert 'href="/requests/new/question?question=xyzzy"' in page.text
    # Who hands nothing in asks a person.
    assert 'href="/search/help?q=xyzzy"' in door.sign_in(HENRIK).get("/search?q=xyzzy").text
