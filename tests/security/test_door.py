"""What a stranger may learn or do at the door: nothing."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.models import AuditEntry
from portal.tenancy import system_scope
from tests.apps import Door, made_app, make_settings
from tests.blueprints.reading import queued_mails
from tests.blueprints.usage import morning
from tests.world import INGRID, NOW, PASSWORD, build_world

__all__ = ["morning"]
# The buckets fill again meanwhile: for what is counted the clock stands still.
still = pytest.mark.usefixtures("morning")
NOBODY = "nobody@oskelund.example"
RIGHT = {"email": INGRID, "password": PASSWORD}


def without_the_address(text: str, email: str) -> str:
    """The page without what was typed, the token and the request's id."""
    text = text.replace(email, "ADDRESS").replace(email.replace("@", "&#64;"), "ADDRESS")
    return re.sub(r'(csrf_token[^>]*value=")[^"]*|\b[0-9a-f]{16}\b', r"\1", text)


@pytest.mark.parametrize("path", ["/sign-in", "/password-reset"])
def test_known_and_unknown_addresses_get_the_same_page(door: Door, path: str) -> None:
    door.app.config["WTF_CSRF_ENABLED"] = False
    data = {"password": "not the password"} if path == "/sign-in" else {}
    pages = []
    for email in (INGRID, NOBODY):
        response = door.visitor().post(path, data={**data, "email": email})
        headers = {name for name, _ in response.headers}
        pages.append((response.status_code, headers, without_the_address(response.text, email)))
    assert pages[0] == pages[1]


def test_an_unknown_address_gets_no_mail(door: Door) -> None:
    door.visitor().post("/password-reset", data={"email": NOBODY})
    assert queued_mails(door.world.database, "password_reset") == []


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://localhost@evil.example/",
        " //evil.example",
        "/%09/evil.example",
        "http://localhost.evil.example/",
    ],
)
def test_next_leads_nowhere_else(door: Door, target: str) -> None:
    for response in (
        door.visitor().post("/sign-in", data={**RIGHT, "next": target}),
        door.visitor().post("/sign-in", query_string={"next": target}, data=RIGHT),
    ):
        assert response.status_code == 302
        place = response.headers["Location"]
        # A browser reads a backslash as a slash; "%5C" is a name like any other.
        whole = urljoin("http://localhost/sign-in", place.replace("\\", "/"))
        assert urlsplit(whole)[:2] == ("http", "localhost"), place


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil"])
def test_a_forged_host_is_refused(door: Door, host: str) -> None:
    response = door.visitor().post(
        "/password-reset", data={"email": INGRID}, headers={"Host": host}
    )
    assert response.status_code == 400
    assert queued_mails(door.world.database, "password_reset") == []


def test_links_in_mails_begin_with_the_public_address(door: Door) -> None:
    door.visitor().post(
        "/password-reset",
        data={"email": INGRID},
        headers={"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example"},
    )
    mail = queued_mails(door.world.database, "password_reset")[0]
    assert mail["values"]["link"].startswith("http://localhost/password-reset/")


@still
def test_guessing_one_persons_password_is_slow(door: Door) -> None:
    client = door.visitor()
    data = {"email": INGRID, "password": "a guess of mine"}
    answers = [client.post("/sign-in", data=data).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    refused = client.post("/sign-in", data=RIGHT)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert client.post("/sign-in", data={"email": NOBODY, "password": "x"}).status_code == 422


@still
def test_trying_many_addresses_is_slow(door: Door) -> None:
    client = door.visitor()
    answers = [
        client.post("/sign-in", data={"email": f"a{n}@b.example", "password": "x"}).status_code
        for n in range(61)
    ]
    assert answers == [422] * 60 + [429]


@still
def test_guesses_from_many_places_are_slow(door: Door) -> None:
    data = {"email": INGRID, "password": "a guess of mine"}
    answers = [
        door.visitor()
        .post("/sign-in", data=data, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"})
        .status_code
        for n in range(101)
    ]
    assert answers == [422] * 100 + [429]


def test_signing_in_rightly_is_not_counted(door: Door) -> None:
    answers = {door.visitor().post("/sign-in", data=RIGHT).status_code for _ in range(15)}
    assert answers == {302}


@pytest.mark.parametrize("email", [INGRID, NOBODY])
def test_failures_fill_no_audit_log(door: Door, email: str) -> None:
    data = {"email": email, "password": "a guess of mine"}
    for n in range(30):
        door.visitor().post("/sign-in", data=data, environ_base={"REMOTE_ADDR": f"192.0.2.{n % 3}"})
    with door.world.database.session(system_scope(NOW, "test")) as session:
        written = session.scalar(
            select(func.count(AuditEntry.id)).where(AuditEntry.action == "sign-in.failed")
        )
    assert written is not None
    assert 1 <= written <= 30


@pytest.fixture
def both(database: Database) -> Iterator[Door]:
    """The door on SQLite and on PostgreSQL."""
    world = build_world(database)
    with made_app(make_settings(), database) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield Door(app, world)


def test_the_way_in_and_out_on_both_databases(both: Door) -> None:
    client = both.visitor()
    assert client.post("/sign-in", data={**RIGHT, "password": "x"}).status_code == 422
    assert client.post("/sign-in", data=RIGHT).status_code == 302
    page = client.get("/me")
    assert page.status_code == 200
    new = {"email": "nora@oskelund.example", "role": "member", "locale": "en", "name": "N\x00ora"}
    assert client.post("/people/invitations", data=new).status_code == 302
    assert "nora@oskelund.example" in client.get("/people").text
    link = queued_mails(both.world.database, "invitation")[0]["values"]["link"]
    accept = {"name": "Nora\x00 Vik", "password": "three boats in the harbour"}
    nora = both.visitor()
    assert nora.post(link.removeprefix("http://localhost"), data=accept).status_code == 302
    assert "Nora Vik" in nora.get("/me").text
    changed = {"password": PASSWORD, "new_password": "another walk by the lake"}
    assert client.post("/me/password", data=changed).status_code == 302
    assert client.post("/sign-out").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["/admin/users/%00", "/admin/users?q=%00", "/admin/users?account=%00", "/invitations/%00"],
)
def test_a_nul_is_no_error_of_ours(both: Door, path: str) -> None:
    assert both.sign_in("admin@ferrymark.example").get(path).status_code < 500
