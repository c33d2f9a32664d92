"""Whoever triages finds on their first page what is due, though no account is theirs to open."""

import pytest
from sqlalchemy import update

from portal.models import Request
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import morning
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, MARA, NOW

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


@pytest.mark.parametrize("email", [PAUL, MARA])
def test_what_is_due_stands_on_the_first_page(door: Door, email: str) -> None:
    key = Town(door.world, NOW).hand_in(INGRID, title="Export by region")
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        due = {"next_due_at": NOW, "first_due_at": NOW}
        session.execute(update(Request).where(Request.key == key).values(**due))
        session.commit()
    page = door.sign_in(email).get("/")
    assert page.status_code == 200
    assert "Export by region" in text_of(page)
