"""What the form shows while somebody types, and "this is mine too"."""

import pytest

from portal.domain.requests import Kind, Visibility
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.requests.people import town
from tests.blueprints.usage import morning
from tests.services.requests.town import Town
from tests.world import ELIF, HENRIK, INGRID, PIA

__all__ = ["morning", "town"]
pytestmark = pytest.mark.usefixtures("morning")
HTMX = {"HX-Request": "true"}


def test_nothing_typed_shows_nothing(door: Door) -> None:
    answer = door.sign_in(PIA).get("/requests/similar")
    assert answer.text.strip() == ""
    assert answer.headers["Cache-Control"] == "no-store"


def test_similar_ones_are_read_in_place(door: Door, town: Town) -> None:
    town.hand_in(INGRID, title="Export own plants")
    town.hand_in(ELIF, title="Export claims of plants")
    town.hand_in(INGRID, title="Export salaries of plants", visibility=Visibility.PRIVATE)
    page = text_of(door.sign_in(PIA).get("/requests/similar?title=Export&wants=own+plants"))
    assert "Is it one of these?" in page
    assert "Export own plants" in page
    assert "Twelve managers" in page
    assert "claims" not in page
    assert "salaries" not in page


def test_the_same_kind_comes_first_and_all_that_is_told_is_read(door: Door, town: Town) -> None:
    bug = {"steps": "Open the plants"}
    town.hand_in(INGRID, kind=Kind.BUG, title="Export stops early", told=bug)
    town.hand_in(INGRID, title="Export when it suits")
    pia = door.sign_in(PIA)
    for kind, first in (("bug", "stops early"), ("need", "suits")):
        page = text_of(pia.get(f"/requests/similar?kind={kind}&title=export"))
        told = [words in page for words in ("Bug R-", "Need R-", "stops early", "suits")]
        assert told == [True] * 4
        assert page.index(first) == min(page.index("stops early"), page.index("suits"))
    for field in ("happened", "today", "who", "when"):
        assert "stops early" in text_of(pia.get(f"/requests/similar?{field}=export"))
    assert "stops early" in text_of(pia.get("/requests/similar?kind=party&title=export"))


def test_mine_too_is_one_click(door: Door, town: Town) -> None:
    own = town.hand_in(INGRID, title="Export own plants")
    pia = door.sign_in(PIA)
    said = text_of(pia.post("/requests/joining", data={"request": own}, headers=HTMX))
    assert "Your vote counts, and you are told of each step." in said
    assert "2 votes" in text_of(pia.get(f"/requests/{own}"))
    assert "You want this already." in text_of(pia.get("/requests/similar?q=own+plants"))


def test_a_shared_one_is_joined_for_the_company(door: Door, town: Town) -> None:
    shared = town.share()
    pia = door.sign_in(PIA)
    assert "Export by region" in text_of(pia.get("/requests/similar?q=export+region"))
    answer = pia.post("/requests/joining", data={"shared": shared}, follow_redirects=True)
    assert "joined by Pia" in text_of(answer)
    assert town.totals(shared) == (1, 1)


def test_what_cannot_be_joined(door: Door, town: Town) -> None:
    foreign = town.hand_in(ELIF)
    private = town.hand_in(INGRID, visibility=Visibility.PRIVATE)
    pia = door.sign_in(PIA)
    for data in ({}, {"request": foreign}, {"request": private}, {"shared": "none"}):
        assert pia.post("/requests/joining", data=data).status_code == 404
    reader = door.sign_in(HENRIK)
    assert reader.get("/requests/similar?q=x").status_code == 403
    assert reader.post("/requests/joining", data={"request": foreign}).status_code == 403
