"""A mail asks Ingrid and Pia whether it works; the link answers for whom it was sent to."""

import re

import pytest
from sqlalchemy import update

from portal.domain.requests import State
from portal.models import User
from portal.services.requests.moving import move_request
from portal.services.requests.voices import vote
from portal.tenancy import system_scope
from portal.web import clock
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.services.notices.post import PostOffice
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, PIA

WAY = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    monkeypatch.setattr(clock, "moment", lambda: town.now)


@pytest.fixture
def town(door: Door) -> Town:
    return Town(door.world)


@pytest.fixture
def asked(town: Town) -> str:
    key = town.hand_in(INGRID)
    town.call(PIA, vote, key)
    for state in WAY:
        town.call(PAUL, move_request, key, state, "In 26.4" if state is State.RELEASED else "")
    return key


def link_to(town: Town, email: str, number: int = 0) -> str:
    """The confirm address in the mails to that person."""
    texts = [one.text for one in PostOffice(town).mails() if one.recipient == email]
    found: list[str] = [one for text in texts for one in re.findall(r"(/confirm/\S+)", text)]
    return found[number]


def test_looking_changes_nothing_and_one_click_closes(door: Door, town: Town, asked: str) -> None:
    address, scanner = link_to(town, INGRID), door.visitor()
    for _ in range(2):
        page = scanner.get(address)
        assert page.status_code == 200
        assert "Does it work for you?" in page.text
        assert "In 26.4" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert town.state(asked) is State.RELEASED

    door.app.config["WTF_CSRF_ENABLED"] = True
    answered = door.visitor().post(address, data={"answer": "works"})
    door.app.config["WTF_CSRF_ENABLED"] = False
    assert answered.status_code == 303
    assert town.state(asked) is State.CONFIRMED
    assert "Thank you. The loop is closed." in scanner.get(address).text
    assert scanner.post(address, data={"answer": "works"}).status_code == 409


def test_not_yet_needs_a_reason_and_goes_on(door: Door, town: Town, asked: str) -> None:
    address, pia = link_to(town, PIA), door.visitor()
    refused = pia.post(address, data={"answer": "not_yet", "reason": " "})
    assert refused.status_code == 422
    assert "Say what is missing: those who work on it will read it." in refused.text
    assert town.state(asked) is State.RELEASED
    assert pia.post(address, data={"answer": "not_yet", "reason": "Two fail"}).status_code == 303
    assert town.state(asked) is State.REOPENED
    told = text_of(pia.get(address))
    assert "We are on it again." in told
    assert "Not yet. Two fail" in told
    town.call(PAUL, move_request, asked, State.IN_DEVELOPMENT)
    town.call(PAUL, move_request, asked, State.RELEASED)
    assert "There is a newer release." in pia.get(address).text
    assert pia.post(address, data={"answer": "works"}).status_code == 409
    assert "Does it work for you?" in pia.get(link_to(town, PIA, 1)).text


@pytest.mark.usefixtures("asked")
def test_not_tried_is_known_and_may_be_answered_later(door: Door, town: Town) -> None:
    address, reader = link_to(town, INGRID), door.visitor()
    assert reader.post(address, data={"answer": "not_tried"}).status_code == 303
    page = reader.get(address).text
    assert "Your answer: Did not try." in page
    assert "Does it work for you?" in page
    town.later(days=61)
    assert "This link no longer answers." in reader.get(address).text
    assert reader.post(address, data={"answer": "works"}).status_code == 409


@pytest.mark.usefixtures("asked")
def test_it_speaks_the_reader_s_language_and_ends_with_them(door: Door, town: Town) -> None:
    address = link_to(town, INGRID)
    change(town, locale="zh-Hant")
    assert '<html lang="zh-Hant"' in door.visitor().get(address).text
    assert '<html lang="en"' in door.visitor().get(f"{address}?locale=en").text
    change(town, active=False)
    assert door.visitor().get(address).status_code == 404


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("sent", [{}, {"answer": "perhaps"}])
def test_junk_is_refused(door: Door, town: Town, sent: dict[str, str]) -> None:
    assert door.visitor().post(link_to(town, INGRID), data=sent).status_code == 422
    assert door.visitor().get("/confirm/no-such-link").status_code == 404


def change(town: Town, **values: object) -> None:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.execute(update(User).where(User.email == INGRID).values(**values))
        session.commit()
