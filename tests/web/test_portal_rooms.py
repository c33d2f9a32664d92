"""What the link checker takes for a room is one, and the menus lead to nothing else."""

import pytest

from portal.domain.permissions import Role
from portal.domain.portal_rooms import ROOMS, is_room
from portal.web.navigation import places_for
from tests.apps import Door


@pytest.mark.parametrize("path", ["/", "/?locale=en", "/adoption", "/adoption/x#y", "/tasks.csv"])
def test_a_room(path: str) -> None:
    assert is_room(path)


@pytest.mark.parametrize("path", ["/profile", "/adoptions", "/adoption-x/targets", "/%2e"])
def test_none(path: str) -> None:
    assert not is_room(path)


def test_every_room_has_a_page_and_every_place_of_a_menu_is_in_one(door: Door) -> None:
    first = {rule.rule.split("/")[1] for rule in door.app.url_map.iter_rules()}
    assert first >= ROOMS
    with door.app.test_request_context("/"):
        places = {place.url for role in Role for place in places_for(role)}
    assert {url for url in places if not is_room(url)} == set()
