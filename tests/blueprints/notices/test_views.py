import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.domain.requests import State
from portal.services.notices.links import links_of
from portal.services.requests.moving import move_request
from portal.services.requests.talking import write_message
from portal.services.requests.voices import follow
from tests.apps import Door, make_settings
from tests.certificates import Given
from tests.courses import SLUG, load_course, write_course
from tests.hub import writing
from tests.moments import NOON
from tests.services.notices.post import PostOffice
from tests.services.requests.town import PAUL, Town
from tests.world import HENRIK, INGRID, MARA, PIA

KEY = re.compile(r'href="(/notices/[\w-]{16})"')


@pytest.fixture
def town(door: Door) -> Town:
    """Ingrid's request has gone on and been written about; Pia follows it."""
    town = Town(door.world)
    asked = town.hand_in(INGRID)
    town.call(PIA, follow, asked)
    town.call(PAUL, move_request, asked, State.CLARIFYING)
    town.call(MARA, write_message, asked, "By plant, or by region?")
    PostOffice(town).deliver()
    return town


@pytest.mark.usefixtures("town")
def test_under_the_bell_stands_what_has_happened_until_it_is_read(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    page = ingrid.get("/notices").text
    assert "2 notices are unread." in page
    assert "It is now: Clarifying." in page
    assert "Mara Quill has written." in page
    assert "By plant, or by region?" in page
    assert ingrid.get("/notices/unread").json == {"number": "2", "label": "Notices, 2 unread"}

    opened = ingrid.get(KEY.findall(page)[0])
    assert opened.status_code == 303
    assert opened.headers["Location"].startswith("/requests/")
    assert ringing(ingrid) == "1"
    assert ingrid.get("/notices?show=unread").text.count("/notices/unread") >= 1

    assert ingrid.post("/notices/read").status_code == 303
    assert "You have read everything." in ingrid.get("/notices").text
    assert ingrid.get("/notices/unread").json == {"number": "", "label": "Notices"}


@pytest.mark.usefixtures("town")
def test_each_reads_their_own_and_opens_no_other_s(door: Door) -> None:
    theirs = KEY.findall(door.sign_in(INGRID).get("/notices").text)[0]
    henrik = door.sign_in(HENRIK)
    assert "Nothing has been told to you yet." in henrik.get("/notices").text
    assert henrik.get(theirs).status_code == 404
    assert ringing(door.sign_in(INGRID)) == "2"


@pytest.mark.usefixtures("town")
def test_the_vendor_s_people_are_led_to_their_desk(door: Door) -> None:
    mara = door.sign_in(MARA)
    page = mara.get("/notices").text
    assert "Ingrid Dahle of Oskelund Foods has handed it in." in page
    assert mara.get(KEY.findall(page)[0]).headers["Location"].startswith("/triage/")


@pytest.mark.usefixtures("town")
def test_how_one_is_told_is_one_s_own_choice(door: Door) -> None:
    pia = door.sign_in(PIA)
    assert (
        '<option selected value="digest">In the daily mail</option>'
        in pia.get("/notices/preferences").text
    )
    kinds = re.findall(r'<select [^>]*name="(\w+)"', pia.get("/notices/preferences").text)
    assert len(kinds) == 10
    assert pia.post("/notices/preferences", data=dict.fromkeys(kinds, "no-way")).status_code == 422
    assert pia.post("/notices/preferences", data=dict.fromkeys(kinds, "off")).status_code == 303
    assert pia.get("/notices/preferences").text.count('<option selected value="off">') == 10
    ingrid = door.sign_in(INGRID)
    assert 'selected value="off"' not in ingrid.get("/notices/preferences").text


@pytest.mark.parametrize("what", ["message_on_own", "digest", "whats_new"])
def test_one_click_ends_the_mails_and_looking_does_not(door: Door, town: Town, what: str) -> None:
    links = links_of(make_settings())
    address = links.unsubscribe(town.world.keys[INGRID], what).removeprefix(links.base)
    ingrid, program = door.sign_in(INGRID), door.visitor()
    before = ingrid.get("/notices/preferences").text
    page = program.get(address)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "No more mails of this kind?" in page.text
    assert chosen(ingrid.get("/notices/preferences").text) == chosen(before)
    # As RFC 8058 has it: without cookies, without a form's token.
    door.app.config["WTF_CSRF_ENABLED"] = True
    done = program.post(address, data={"List-Unsubscribe": "One-Click"})
    door.app.config["WTF_CSRF_ENABLED"] = False
    assert done.status_code == 200
    after = chosen(ingrid.get("/notices/preferences").text)
    assert after["whats_new"] == ("off" if what == "whats_new" else "weekly")
    assert ("stands under the bell" in done.text) is (what != "whats_new")
    if what != "whats_new":
        assert after["message_on_own" if what != "digest" else "followed_moved"] == "bell"
    assert after["mentioned"] == "now"
    assert program.post(address[:-9] + address[-9:].swapcase()).status_code == 404


def ringing(client: FlaskClient) -> str:
    told = client.get("/notices/unread").json
    assert told is not None
    return str(told["number"])


def chosen(page: str) -> dict[str, str]:
    choice = r'<select [^>]*name="(\w+)".*?<option selected value="(\w+)"'
    return dict(re.findall(choice, page, re.DOTALL))


def test_a_certificate_that_ends_stands_under_the_bell(door: Door, tmp_path: Path) -> None:
    write_course(tmp_path)
    load_course(door.world.database, tmp_path)
    until = (NOON + timedelta(days=20)).date()
    with writing(door.world.database) as session:
        Given(session, SLUG).to(PIA, until, {"en": "Shorter chains"})
        session.commit()
    PostOffice(Town(door.world, NOON)).run("notices.certificates")
    pia = door.sign_in(PIA)
    page = pia.get("/notices").text
    assert "Shorter chains" in page
    assert "Your certificate is valid until 22 March 2026." in page.replace("\xa0", " ")
    assert pia.get(KEY.findall(page)[0]).headers["Location"] == f"/courses/{SLUG}"
