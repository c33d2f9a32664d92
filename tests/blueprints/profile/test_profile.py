"""/me: preferences and sessions."""

import pytest
from sqlalchemy import select

from portal.models import UserSession
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, field_of, text_of
from tests.world import ELIF, INGRID, MARA, NOW

GOOD = {"name": "Ingrid D.", "locale": "zh-Hans", "time_zone": "Asia/Shanghai", "theme": "dark"}
GOOD["letter_keys"] = "y"


def keys_of(door: Door, email: str) -> list[str]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        rows = select(UserSession.key).where(UserSession.user_id == door.world.users[email][0])
        return list(session.scalars(rows.order_by(UserSession.id)))


def test_ingrid_chooses_how_she_is_spoken_to(door: Door) -> None:
    client = door.sign_in(INGRID)
    response = client.post("/me", data=GOOD)
    assert response.status_code == 302
    page = client.get(response.headers["Location"])
    assert '<html lang="zh-Hans" data-theme="dark"' in page.text
    assert 'value="Ingrid D."' in field_of(page, "name")
    assert '<option selected value="Asia/Shanghai">' in page.text
    elsewhere = door.sign_in(INGRID).get("/me")
    assert '<html lang="zh-Hans" data-theme="dark"' in elsewhere.text


def test_ingrid_switches_single_keys_off_on_every_page(door: Door) -> None:
    client = door.sign_in(INGRID)
    assert "data-letter-keys" not in client.get("/").text
    form = {name: value for name, value in GOOD.items() if name != "letter_keys"}
    client.post("/me", data=form)
    for path in ("/", "/me", "/requests"):
        assert 'data-letter-keys="off"' in client.get(path).text
    assert "data-letter-keys" not in door.sign_in(MARA).get("/").text
    client.post("/me", data=GOOD)
    assert "data-letter-keys" not in client.get("/").text


def test_a_choice_can_be_taken_back(door: Door) -> None:
    client = door.sign_in(INGRID)
    client.get(client.post("/me", data=GOOD).headers["Location"])
    back = {**GOOD, "locale": "", "time_zone": "", "theme": "auto"}
    page = client.get(client.post("/me", data=back).headers["Location"])
    assert '<html lang="en">' in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": " \t "},
        {"name": "x" * 201},
        {"locale": "tlh"},
        {"time_zone": "Mars/Base"},
        {"theme": "neon"},
    ],
)
def test_what_is_not_known_is_refused(door: Door, wrong: dict[str, str]) -> None:
    response = door.sign_in(INGRID).post("/me", data={**GOOD, **wrong})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text or 'class="error"' in response.text


def test_the_vendors_people_have_their_own_frame(door: Door) -> None:
    page = door.sign_in(MARA).get("/me")
    assert page.status_code == 200
    assert 'class="desk"' in page.text


def test_ingrid_sees_where_she_is_signed_in_and_ends_one(door: Door) -> None:
    here, elsewhere = door.sign_in(INGRID), door.sign_in(INGRID)
    page = here.get("/me")
    assert "This browser" in text_of(page)
    assert page.text.count("Sign out there") == 1
    key = keys_of(door, INGRID)[1]
    assert here.post(f"/me/sessions/{key}/revocation").status_code == 302
    assert elsewhere.get("/me").status_code == 302
    assert here.get("/me").status_code == 200
    assert actions_of(door.world.database) == ["session.revoked"]


def test_ingrid_signs_out_everywhere_else(door: Door) -> None:
    here, others = door.sign_in(INGRID), [door.sign_in(INGRID) for _ in range(3)]
    assert here.post("/me/sessions/revocation").status_code == 302
    assert "3 other browsers are signed out." in text_of(here.get("/me"))
    assert [one.get("/me").status_code for one in others] == [302, 302, 302]


def test_anothers_session_is_a_missing_one(door: Door) -> None:
    ingrid, elif_ = door.sign_in(INGRID), door.sign_in(ELIF)
    key = keys_of(door, INGRID)[0]
    assert elif_.post(f"/me/sessions/{key}/revocation").status_code == 404
    assert elif_.post("/me/sessions/never/revocation").status_code == 404
    assert ingrid.get("/me").status_code == 200


def test_ending_a_session_needs_a_post_and_a_reader(door: Door) -> None:
    door.sign_in(INGRID)
    url = f"/me/sessions/{keys_of(door, INGRID)[0]}/revocation"
    assert door.sign_in(INGRID).get(url).status_code == 405
    assert door.visitor().post(url).status_code == 401
