"""/me/password and /me/confirmation."""

from tests.apps import Door
from tests.blueprints.reading import actions_of, queued_mails, text_of
from tests.world import INGRID, PASSWORD

NEW = "another walk by the lake"


def test_ingrid_changes_her_password_and_stays(door: Door) -> None:
    here, elsewhere = door.sign_in(INGRID), door.sign_in(INGRID)
    assert elsewhere.get("/me").status_code == 200
    response = here.post("/me/password", data={"password": PASSWORD, "new_password": NEW})
    assert response.status_code == 302
    assert response.headers["Location"] == "/me"
    page = here.get("/me")
    assert page.status_code == 200
    assert "Your password is changed." in text_of(page)
    assert elsewhere.get("/me").status_code == 302
    assert "password.changed" in actions_of(door.world.database)
    assert queued_mails(door.world.database, "password_changed")[0]["recipient"] == INGRID


def test_the_old_password_is_asked_for(door: Door) -> None:
    client = door.sign_in(INGRID)
    response = client.post("/me/password", data={"password": "wrong one", "new_password": NEW})
    assert response.status_code == 422
    assert "This is not your password." in text_of(response)


def test_the_new_one_must_be_new_and_good(door: Door) -> None:
    client = door.sign_in(INGRID)
    same = client.post("/me/password", data={"password": PASSWORD, "new_password": PASSWORD})
    assert same.status_code == 422
    assert "This is your password already." in text_of(same)
    poor = client.post("/me/password", data={"password": PASSWORD, "new_password": "short"})
    assert poor.status_code == 422
    assert "This is too short." in text_of(poor)


def test_guessing_inside_an_open_browser_is_slow(door: Door) -> None:
    client = door.sign_in(INGRID)
    data = {"password": "a guess of mine", "new_password": NEW}
    answers = [client.post("/me/password", data=data).status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_a_visitor_is_asked_to_sign_in(door: Door) -> None:
    assert door.visitor().get("/me/password").status_code == 302
    assert door.visitor().post("/me/password", data={"password": "x"}).status_code == 401


def test_confirming_leads_on(door: Door) -> None:
    client = door.sign_in(INGRID)
    response = client.post("/me/confirmation?next=/me", data={"password": PASSWORD})
    assert response.headers["Location"] == "/me"
    wrong = client.post("/me/confirmation?next=/me", data={"password": "wrong"})
    assert wrong.status_code == 422
    assert "This is not your password." in text_of(wrong)
