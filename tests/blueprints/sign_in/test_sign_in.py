"""/sign-in and /sign-out."""

import pytest
from sqlalchemy import update

from portal.models import User
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, field_of, text_of
from tests.world import INGRID, NOW, PASSWORD

RIGHT = {"email": INGRID, "password": PASSWORD}
WRONG = "Address and password do not go together."


def test_ingrid_signs_in(door: Door) -> None:
    client = door.visitor()
    response = client.post("/sign-in", data=RIGHT)
    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert client.get("/me").status_code == 200
    assert actions_of(door.world.database) == ["sign-in.succeeded"]


def test_an_address_may_be_typed_as_one_likes(door: Door) -> None:
    data = {"email": f"  {INGRID.upper()} ", "password": PASSWORD}
    assert door.visitor().post("/sign-in", data=data).status_code == 302


def test_who_asked_for_a_page_gets_there(door: Door) -> None:
    client = door.visitor()
    asked = client.get("/me?locale=en")
    assert asked.status_code == 302
    page = client.get(asked.headers["Location"])
    assert 'value="/me?locale=en"' in field_of(page, "next")
    response = client.post(asked.headers["Location"], data=RIGHT)
    assert response.headers["Location"] == "/me?locale=en"


def test_who_is_signed_in_is_led_on(door: Door) -> None:
    assert door.sign_in(INGRID).get("/sign-in").headers["Location"] == "/"


def test_a_wrong_password_is_said_without_detail(door: Door) -> None:
    response = door.visitor().post("/sign-in", data={**RIGHT, "password": "something else"})
    assert response.status_code == 422
    assert WRONG in text_of(response)
    assert f'value="{INGRID}"' in field_of(response, "email")
    assert "something else" not in response.text
    assert "autofocus" in field_of(response, "password")
    assert actions_of(door.world.database) == ["sign-in.failed"]


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Type the address that your invitation went to."),
        ("ingrid", "An address looks like name@company.example."),
        ("ingrid@oskelund", "This address lacks its ending, such as"),
        ("in grid@oskelund.example", "This is no mail address."),
        ("ingrid\x00@oskelund.example", "This is no mail address."),
    ],
)
def test_what_is_typed_wrong_is_said_beside_the_field(door: Door, email: str, said: str) -> None:
    response = door.visitor().post("/sign-in", data={"email": email, "password": PASSWORD})
    assert response.status_code == 422
    assert said in text_of(response)
    assert WRONG not in text_of(response)
    field = field_of(response, "email")
    assert 'aria-invalid="true"' in field
    assert "autofocus" in field


def test_a_missing_password_is_said_beside_the_field(door: Door) -> None:
    response = door.visitor().post("/sign-in", data={"email": INGRID, "password": ""})
    assert response.status_code == 422
    assert "Type your password." in text_of(response)
    assert "autofocus" in field_of(response, "password")


@pytest.mark.parametrize("password", ["x" * 100_000, "\x00" * 20, "\ud7ff" * 300, "密" * 200])
def test_odd_passwords_are_wrong_ones(door: Door, password: str) -> None:
    response = door.visitor().post("/sign-in", data={"email": INGRID, "password": password})
    assert response.status_code == 422


def test_json_is_not_taken(door: Door) -> None:
    assert door.visitor().post("/sign-in", json=[1, 2]).status_code == 415
    assert door.visitor().post("/sign-in", json=RIGHT).status_code == 415


def test_who_was_shut_out_stays_out(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(User).where(User.email == INGRID).values(active=False))
        session.commit()
    response = door.visitor().post("/sign-in", data=RIGHT)
    assert response.status_code == 422
    assert WRONG in text_of(response)


def test_signing_out_is_a_post(door: Door) -> None:
    client = door.sign_in(INGRID)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/me").status_code == 200


def test_signing_out_ends_the_session(door: Door) -> None:
    client = door.sign_in(INGRID)
    with client.session_transaction() as cookie:
        before = dict(cookie)
    response = client.post("/sign-out")
    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in"
    with client.session_transaction() as cookie:
        assert "secret" not in cookie
        cookie.update(before)
    assert client.get("/me").status_code == 302
    assert actions_of(door.world.database) == ["sign-in.ended"]


def test_signing_out_twice_is_no_error(door: Door) -> None:
    assert door.visitor().post("/sign-out").status_code == 302


@pytest.mark.parametrize(
    ("locale", "word"), [("en", "Sign in"), ("zh-Hans", 'lang="zh-Hans"'), ("zh-Hant", "zh-Hant")]
)
def test_the_page_speaks_three_languages(door: Door, locale: str, word: str) -> None:
    response = door.visitor().get(f"/sign-in?locale={locale}")
    assert response.status_code == 200
    assert f'<html lang="{locale}"' in response.text
    assert word in response.text
