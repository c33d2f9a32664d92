"""The session behind the cookie: bound, rotated, ended, timed out."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from portal.config import Settings
from portal.models import User, UserSession
from portal.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from portal.tenancy import system_scope
from tests.apps import Door, made_app, make_settings
from tests.world import ELIF, INGRID, MARA, NOW, PASSWORD, World

SIGN_IN = {"email": INGRID, "password": PASSWORD}


def change_sessions(door: Door, **values: object) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(UserSession).values(**values))
        session.commit()


def secret_of(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        secret: str = cookie["secret"]
        return secret


def test_the_table_keeps_only_the_hash(door: Door) -> None:
    client = door.visitor()
    client.post("/sign-in", data=SIGN_IN)
    with door.world.database.session(system_scope(NOW, "test")) as session:
        kept = session.scalars(select(UserSession.secret_hash)).one()
    assert kept == hashlib.sha256(secret_of(client).encode()).hexdigest()


def test_signing_in_makes_a_new_secret_and_a_new_form_token(door: Door) -> None:
    door.app.config["WTF_CSRF_ENABLED"] = True
    client = door.visitor()
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    with client.session_transaction() as cookie:
        cookie["secret"] = "planted by somebody else"
        before = cookie["csrf_token"]
    assert client.post("/sign-in", data={**SIGN_IN, "csrf_token": token}).status_code == 302
    with client.session_transaction() as cookie:
        assert cookie["secret"] != "planted by somebody else"
        assert cookie.get("csrf_token") != before


def test_signing_in_anew_ends_what_was_in_the_browser(door: Door) -> None:
    client = door.visitor()
    client.post("/sign-in", data=SIGN_IN)
    first = secret_of(client)
    with client.session_transaction() as cookie:
        cookie.pop("_user_id")
    client.post("/sign-in", data=SIGN_IN)
    with client.session_transaction() as cookie:
        assert cookie["secret"] != first
        cookie["secret"] = first
    assert client.get("/me").status_code == 302


def test_a_secret_of_another_opens_nothing(door: Door) -> None:
    ingrid, elif_ = door.sign_in(INGRID), door.sign_in(ELIF)
    with ingrid.session_transaction() as cookie:
        cookie["secret"] = secret_of(elif_)
    assert ingrid.get("/me").status_code == 302


@pytest.mark.parametrize("secret", ["", "x", None, 7, ["a"]])
def test_a_made_up_secret_opens_nothing(door: Door, secret: object) -> None:
    client = door.sign_in(INGRID)
    with client.session_transaction() as cookie:
        cookie["secret"] = secret
    assert client.get("/me").status_code == 302


def test_a_cookie_that_was_changed_opens_nothing(door: Door) -> None:
    client = door.sign_in(INGRID)
    cookie = client.get_cookie("paceline")
    assert cookie is not None
    client.set_cookie("paceline", cookie.value[:-2] + "xx")
    assert client.get("/me").status_code == 302


def test_idle_and_absolute_limits(door: Door) -> None:
    now = datetime.now(UTC)
    client = door.sign_in(INGRID)
    change_sessions(door, seen_at=now - IDLE_LIMIT + timedelta(hours=1))
    assert client.get("/me").status_code == 200
    change_sessions(door, seen_at=now - IDLE_LIMIT - timedelta(seconds=1))
    assert client.get("/me").status_code == 302
    change_sessions(door, seen_at=now, created_at=now - ABSOLUTE_LIMIT - timedelta(seconds=1))
    assert client.get("/me").status_code == 302


def test_seen_at_is_written_once_a_minute(door: Door) -> None:
    client = door.sign_in(INGRID)
    writes: list[str] = []

    def note(*arguments: object) -> None:
        if str(arguments[2]).startswith("UPDATE user_session"):
            writes.append(str(arguments[2]))

    event.listen(door.world.database.engine, "before_cursor_execute", note)
    client.get("/me")
    assert writes == []
    change_sessions(door, seen_at=datetime.now(UTC) - timedelta(seconds=61))
    writes.clear()
    for _ in range(3):
        client.get("/me")
    assert len(writes) == 1


@pytest.mark.parametrize(("email", "most"), [(INGRID, 1), (MARA, 2)])
def test_who_is_there_costs_one_statement_and_their_reach_one_more(
    door: Door, email: str, most: int
) -> None:
    client = door.sign_in(email)
    asked: list[str] = []

    def note(*arguments: object) -> None:
        said = str(arguments[2])
        if "user_session" in said or "account_assignment" in said:
            asked.append(said)

    event.listen(door.world.database.engine, "before_cursor_execute", note)
    client.get("/knowledge")
    event.remove(door.world.database.engine, "before_cursor_execute", note)
    assert 1 <= len(asked) <= most, asked


def test_a_role_taken_away_counts_from_the_next_request(door: Door) -> None:
    client = door.sign_in(INGRID)
    assert client.get("/people").status_code == 200
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(User).where(User.email == INGRID).values(role="member"))
        session.commit()
    assert client.get("/people").status_code == 403


def test_the_cookie_is_closed_to_scripts_and_other_sites(door: Door) -> None:
    response = door.visitor().post("/sign-in", data=SIGN_IN)
    said = next(one for one in response.headers.getlist("Set-Cookie") if one.startswith("paceline"))
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Path=/" in said
    assert "Secure" not in said
    assert "Domain" not in said


@pytest.fixture
def secure_app(world: World) -> Iterator[Flask]:
    settings: Settings = make_settings(public_url="https://success.ferrymark.example")
    with made_app(settings, world.database) as made:
        made.config["WTF_CSRF_ENABLED"] = False
        yield made


def test_behind_tls_the_cookie_is_bound_to_the_host(secure_app: Flask) -> None:
    response = secure_app.test_client().post(
        "/sign-in", data=SIGN_IN, base_url="https://success.ferrymark.example"
    )
    assert response.status_code == 302
    said = response.headers.getlist("Set-Cookie")
    cookie = next(one for one in said if one.startswith("__Host-paceline="))
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_every_form_needs_its_token(door: Door) -> None:
    door.app.config["WTF_CSRF_ENABLED"] = True
    client = door.sign_in(INGRID)
    for path in ("/sign-in", "/sign-out", "/me", "/me/sessions/revocation", "/people/invitations"):
        response = client.post(path, data={"name": "x"})
        assert response.status_code == 400, path
        assert "This page was open for too long." in response.text
    assert client.get("/me").status_code == 200
