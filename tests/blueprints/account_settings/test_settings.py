"""/settings: a champion decides how the account's people are shown."""

import pytest

from portal.models import AuditEntry
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.world import ADMIN, ELIF, INGRID, NOW

ADDRESS = "/settings"


def checked(page: str) -> str:
    return page.partition("checked")[2].partition('value="')[2].partition('"')[0]


def test_ingrid_has_people_shown_in_groups(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    assert checked(ingrid.get(ADDRESS).text) == "named"
    response = ingrid.post(ADDRESS, data={"people_shown": "groups"})
    assert response.headers["Location"] == ADDRESS
    page = ingrid.get(ADDRESS)
    assert "Saved. It holds from now on, for you and for us." in text_of(page)
    assert checked(page.text) == "groups"
    with door.world.database.session(system_scope(NOW, "test")) as session:
        entry = session.query(AuditEntry).one()
    assert entry.action == "account.people-shown"
    assert entry.actor == INGRID
    assert entry.details == {"before": "named", "after": "groups"}


def test_it_is_her_own_account_alone(door: Door) -> None:
    door.sign_in(INGRID).post(ADDRESS, data={"people_shown": "groups", "account": "quillon"})
    assert checked(door.sign_in(ELIF).get(ADDRESS).text) == "named"


def test_the_same_again_leaves_no_trace(door: Door) -> None:
    door.sign_in(INGRID).post(ADDRESS, data={"people_shown": "named"})
    assert actions_of(door.world.database) == []


@pytest.mark.parametrize("data", [{}, {"people_shown": ""}, {"people_shown": "naked"}])
def test_anything_else_is_refused(door: Door, data: dict[str, str]) -> None:
    ingrid = door.sign_in(INGRID)
    response = ingrid.post(ADDRESS, data=data)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert checked(ingrid.get(ADDRESS).text) == "named"


def test_others_may_not(door: Door) -> None:
    assert door.visitor().get(ADDRESS).headers["Location"].startswith("/sign-in")
    for role in ("member", "executive", "csm", "manager", "editor"):
        assert door.role(role).get(ADDRESS).status_code == 403
        assert door.role(role).post(ADDRESS, data={"people_shown": "groups"}).status_code == 403
    assert door.sign_in(ADMIN).get(ADDRESS).status_code == 404
    assert door.sign_in(INGRID).delete(ADDRESS).status_code == 405


def test_the_menu_leads_there_for_champions_alone(door: Door) -> None:
    assert f'href="{ADDRESS}"' in door.sign_in(INGRID).get("/me").text
    assert f'href="{ADDRESS}"' not in door.role("member").get("/me").text
    assert f'href="{ADDRESS}"' not in door.sign_in(ADMIN).get("/me").text
