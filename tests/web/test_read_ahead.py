"""A process has read what its first page asks for before it answers."""

import gc
from collections.abc import Iterator

import pytest

from portal.web.read_ahead import read_ahead
from tests.apps import Door


@pytest.fixture
def ahead(door: Door) -> Iterator[Door]:
    read_ahead(door.app)
    yield door
    gc.unfreeze()


def names(door: Door) -> set[object]:
    cache = door.app.jinja_env.cache
    assert cache is not None
    return {key[1] for key in cache}


@pytest.mark.parametrize(
    ("role", "page"), [("champion", "/adoption"), ("csm", "/accounts/oskelund-foods/adoption")]
)
def test_the_first_page_finds_its_templates_made(ahead: Door, role: str, page: str) -> None:
    before = names(ahead)
    assert "adoption/show.html" in before
    assert ahead.role(role).get(page).status_code == 200
    assert names(ahead) == before
