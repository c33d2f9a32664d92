"""/password-reset: asked for, sent by mail, used once."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.apps import Door
from tests.blueprints.reading import actions_of, field_of, queued_mails, text_of
from tests.world import INGRID, PASSWORD

NEW = "another walk by the lake"


def ask(door: Door, email: str = INGRID) -> str:
    """Asks for a link and returns its path."""
    assert door.visitor().post("/password-reset", data={"email": email}).status_code == 200
    link: str = queued_mails(door.world.database, "password_reset")[-1]["values"]["link"]
    return urlsplit(link).path


def test_the_mail_goes_out(door: Door) -> None:
    ask(door)
    mail = queued_mails(door.world.database, "password_reset")[0]
    assert mail["recipient"] == INGRID
    assert mail["values"]["minutes"] == 60
    assert mail["values"]["link"].startswith("http://localhost/password-reset/")


def test_the_link_sets_a_new_password(door: Door) -> None:
    path = ask(door)
    client = door.visitor()
    assert "new-password" in field_of(client.get(path), "password")
    assert client.post(path, data={"password": NEW}).headers["Location"] == "/sign-in"
    assert "Your new password is set." in text_of(client.get("/sign-in"))
    assert client.post("/sign-in", data={"email": INGRID, "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"email": INGRID, "password": NEW}).status_code == 302
    assert "password.reset" in actions_of(door.world.database)


def test_the_link_works_once(door: Door) -> None:
    path = ask(door)
    assert door.visitor().post(path, data={"password": NEW}).status_code == 302
    client = door.visitor()
    again = client.post(path, data={"password": "yet another walk uphill"})
    assert again.headers["Location"] == "/password-reset"
    assert "has been used already" in text_of(client.get("/password-reset"))
    client = door.visitor()
    assert client.post("/sign-in", data={"email": INGRID, "password": NEW}).status_code == 302


def test_a_new_password_ends_every_session_and_says_so(door: Door) -> None:
    open_browser = door.sign_in(INGRID)
    assert open_browser.get("/me").status_code == 200
    door.visitor().post(ask(door), data={"password": NEW})
    assert open_browser.get("/me").status_code == 302
    notice = queued_mails(door.world.database, "password_changed")[0]
    assert notice["recipient"] == INGRID
    assert notice["values"]["link"] == "http://localhost/password-reset"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "Choose a password."),
        ("little", "This is too short."),
        ("Password1234", "Others use this one too"),
        ("ingriddahle12", "This is mostly your own name or address."),
        ("walk " * 100, "This is too long."),
    ],
)
def test_a_poor_password_is_refused_beside_the_field(door: Door, password: str, said: str) -> None:
    path = ask(door)
    response = door.visitor().post(path, data={"password": password})
    assert response.status_code == 422
    assert said in text_of(response)
    assert "autofocus" in field_of(response, "password")
    assert password == "" or password not in response.text


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "WyJhIiwiYiJd.aaaaaa.bbbbbbbb"])
def test_a_forged_link_leads_back(door: Door, token: str) -> None:
    client = door.visitor()
    response = client.get(f"/password-reset/{token}")
    assert response.status_code == 302
    assert response.headers["Location"] == "/password-reset"


def test_an_old_link_leads_back(door: Door) -> None:
    path = ask(door)
    door.app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(seconds=-1)
    client = door.visitor()
    assert client.get(path).headers["Location"] == "/password-reset"
    assert "more than an hour old" in text_of(client.get("/password-reset"))


def test_a_mail_goes_out_a_few_times_an_hour(door: Door) -> None:
    answers = [
        door.visitor().post("/password-reset", data={"email": INGRID}).status_code for _ in range(6)
    ]
    assert answers == [200, 200, 200, 200, 429, 429]
    assert len(queued_mails(door.world.database, "password_reset")) == 4


def test_what_is_no_address_is_said(door: Door) -> None:
    response = door.visitor().post("/password-reset", data={"email": "ingrid@oskelund"})
    assert response.status_code == 422
    assert "This address lacks its ending" in text_of(response)
