"""/portfolio: the whole of it by health, stage and success manager."""

import pytest

from tests.apps import Door
from tests.blueprints.desk.test_map import add_scored
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, morning
from tests.world import ADMIN, MARA

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


def test_a_manager_sees_the_whole(door: Door) -> None:
    add_scored(door, 3)
    greta = door.role("manager")
    greta.get("/portfolio")
    with counted(door.world.database) as sent:
        page = greta.get("/portfolio")
    assert len(sent) <= 16, "\n".join(sent)
    said = text_of(page)
    assert "at risk 3 2" in said
    assert "no score 2 0" in said
    assert "Renewal 3" in said
    assert "Mara Quill 1 – 0 0" in said
    assert "nobody yet 3" in said
    assert door.sign_in(ADMIN).get("/portfolio").status_code == 200


def test_others_have_their_own_accounts_only(door: Door) -> None:
    assert door.sign_in(MARA).get("/portfolio").status_code == 403
