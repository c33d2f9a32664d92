"""/admin/users: the list, roles, shutting out, ending sessions."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import User
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.world import ADMIN, ELIF, INGRID, MARA, NOW, PASSWORD, PIA


def key_of(door: Door, email: str) -> str:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalars(select(User.key).where(User.email == email)).one()


def names_in_order(client: FlaskClient, query: str) -> list[str]:
    page = client.get(f"/admin/users?{query}").text
    rows = page[page.index("<tbody>") :].split("<tr>")[1:]
    return [row.split('class="t"')[1].split(">")[1].split("<")[0] for row in rows]


def test_the_admin_sees_everybody(door: Door) -> None:
    said = text_of(door.sign_in(ADMIN).get("/admin/users"))
    for email in (INGRID, ELIF, MARA, ADMIN):
        assert email in said
    assert "1–11 of 11" in said


def test_the_list_is_sorted_and_filtered(door: Door) -> None:
    client = door.sign_in(ADMIN)
    by_name = names_in_order(client, "sort=name")
    assert by_name == sorted(by_name, key=str.lower)
    assert names_in_order(client, "sort=name&dir=down") == by_name[::-1]
    assert names_in_order(client, "q=INGRID") == ["Ingrid Dahle"]
    managers = names_in_order(client, "role=csm&sort=name")
    assert managers == ["Jonas Verhagen", "Mara Quill", "林晓岚"]
    assert names_in_order(client, "account=quillon-insurance") == ["Elif Maurer"]
    assert "Nobody fits" in text_of(client.get("/admin/users?state=inactive"))


@pytest.mark.parametrize(
    "query", ["role=king", "sort=password", "state=x&dir=sideways", "q=%00%25_", "page=-3&page=x"]
)
def test_any_address_shows_a_list(door: Door, query: str) -> None:
    assert door.sign_in(ADMIN).get(f"/admin/users?{query}").status_code == 200


def test_pia_becomes_champion_at_once(door: Door) -> None:
    pia, key = door.sign_in(PIA), key_of(door, PIA)
    assert pia.get("/people").status_code == 403
    response = door.sign_in(ADMIN).post(f"/admin/users/{key}/role", data={"role": "champion"})
    assert response.status_code == 302
    assert pia.get("/people").status_code == 200
    assert actions_of(door.world.database) == ["user.role-changed"]


@pytest.mark.parametrize("role", ["admin", "csm", "visitor", "king", ""])
def test_a_customer_never_joins_the_team(door: Door, role: str) -> None:
    client = door.sign_in(ADMIN)
    response = client.post(f"/admin/users/{key_of(door, PIA)}/role", data={"role": role})
    assert response.status_code == 422
    assert actions_of(door.world.database) == []


def test_pia_is_shut_out_and_let_in_again(door: Door) -> None:
    admin, pia, key = door.sign_in(ADMIN), door.sign_in(PIA), key_of(door, PIA)
    admin.post(f"/admin/users/{key}/deactivation")
    assert pia.get("/me").status_code == 302
    data = {"email": PIA, "password": PASSWORD}
    assert door.visitor().post("/sign-in", data=data).status_code == 422
    assert "shut out" in text_of(admin.get(f"/admin/users/{key}"))
    admin.post(f"/admin/users/{key}/activation")
    assert pia.get("/me").status_code == 302
    assert door.visitor().post("/sign-in", data=data).status_code == 302
    said = actions_of(door.world.database)
    assert said[0] == "user.deactivated"
    assert "user.reactivated" in said


def test_ending_all_sessions(door: Door) -> None:
    admin, pia = door.sign_in(ADMIN), door.sign_in(PIA)
    response = admin.post(f"/admin/users/{key_of(door, PIA)}/sessions/revocation")
    assert response.status_code == 302
    assert pia.get("/me").status_code == 302
    assert actions_of(door.world.database) == ["user.sessions-revoked"]


@pytest.mark.parametrize("path", ["deactivation", "activation", "sessions/revocation"])
def test_nobody_locks_themselves_out(door: Door, path: str) -> None:
    client, page = door.sign_in(ADMIN), f"/admin/users/{key_of(door, ADMIN)}"
    assert client.post(f"{page}/{path}").headers["Location"] == page
    assert "This is you. Ask another administrator to change it." in text_of(client.get(page))
    assert actions_of(door.world.database) == []


def test_nobody_takes_their_own_role(door: Door) -> None:
    client = door.sign_in(ADMIN)
    response = client.post(f"/admin/users/{key_of(door, ADMIN)}/role", data={"role": "editor"})
    assert response.status_code == 409
    assert "This is you." in text_of(response)


@pytest.mark.parametrize("path", ["role", "deactivation", "activation"])
def test_what_changes_access_asks_for_the_password_again(door: Door, path: str) -> None:
    client, key = door.sign_in(ADMIN), key_of(door, PIA)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] -= 31 * 60
    response = client.post(f"/admin/users/{key}/{path}", data={"role": "champion"})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/me/confirmation?next=/admin/users/{key}"
    assert actions_of(door.world.database) == []
    back = client.post(response.headers["Location"], data={"password": PASSWORD})
    assert back.headers["Location"] == f"/admin/users/{key}"
    again = client.post(f"/admin/users/{key}/{path}", data={"role": "champion"})
    assert again.headers["Location"] == f"/admin/users/{key}"


def test_somebody_unknown(door: Door) -> None:
    client = door.sign_in(ADMIN)
    assert client.get("/admin/users/never").status_code == 404
    assert client.post("/admin/users/never/deactivation").status_code == 404


@pytest.mark.parametrize("email", [INGRID, MARA])
def test_others_may_not(door: Door, email: str) -> None:
    client = door.sign_in(email)
    assert client.get("/admin/users").status_code == 403
    assert client.post(f"/admin/users/{key_of(door, PIA)}/deactivation").status_code == 403
