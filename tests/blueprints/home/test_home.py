"""/: one page for each role, with what that role can do today."""

from datetime import timedelta

import pytest

from portal.domain.permissions import Role
from tests.apps import Door
from tests.blueprints.home.stories import MONTH, publish
from tests.blueprints.usage import counted, days_back, morning, work
from tests.world import (
    ADMIN,
    HENRIK,
    INGRID,
    NOW,
    OSKELUND,
    PIA,
)

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


def test_a_visitor_signs_in_first(door: Door) -> None:
    response = door.visitor().get("/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in?next=/")
    assert door.visitor().post("/").status_code == 405


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.VISITOR])
def test_every_role_has_a_page_with_one_headline(door: Door, role: str) -> None:
    response = door.role(role).get("/")
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert 'aria-current="page"' in response.text


@pytest.mark.parametrize(("who", "most"), [(INGRID, 40), (PIA, 20), (HENRIK, 20), (ADMIN, 35)])
def test_each_page_asks_a_bounded_number_of_statements(door: Door, who: str, most: int) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    publish(door, OSKELUND.key, NOW - timedelta(days=5))
    client = door.sign_in(who)
    client.get("/")
    with counted(door.world.database) as sent:
        assert client.get("/").status_code == 200
    assert len(sent) <= most, "\n".join(sent)


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_every_page_reads_in_chinese(door: Door, locale: str) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    for role in Role:
        if role is not Role.VISITOR:
            response = door.role(role.value).get(f"/?locale={locale}")
            assert response.status_code == 200
            assert f'<html lang="{locale}"' in response.text
