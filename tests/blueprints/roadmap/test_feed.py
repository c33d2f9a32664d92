"""The roadmap's feed, its search source, and what release notes of the hub name."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.domain.requests import State, Visibility
from portal.models import FeedToken, User
from portal.services.requests.merging import join_family
from portal.services.requests.moving import move_request
from portal.services.requests.sharing import move_shared, publish_shared
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.roadmap.test_pages import NOTE, add_note, share
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, PIA, World

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def town(world: World) -> Town:
    return Town(world, now=datetime.now(UTC))


def make_address(client: FlaskClient, **form: str) -> str:
    response = client.post("/roadmap/feed", data=form)
    assert response.headers["Cache-Control"] == "no-store"
    found = re.search(r"/roadmap/feed/[\w-]+\.atom", response.text)
    assert found
    return found[0]


def titles(door: Door, address: str) -> list[str]:
    """What a feed reader without any cookie reads."""
    response = door.visitor().get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    feed = ET.fromstring(response.data)  # noqa: S314 # what the portal itself wrote
    return [one.findtext(f"{ATOM}title") or "" for one in feed.iter(f"{ATOM}entry")]


def test_each_reads_release_notes_and_the_requests_that_they_may(door: Door, town: Town) -> None:
    add_note(town)
    ours = town.hand_in(INGRID, title="Ours")
    town.hand_in(PIA, title="Hers alone", visibility=Visibility.PRIVATE)
    theirs = town.hand_in(ELIF, title="Theirs")
    for key in (ours, theirs):
        town.call(PAUL, move_request, key, State.CLARIFYING)
    note = "Exports know regions"
    read = {who: titles(door, make_address(door.sign_in(who))) for who in (INGRID, ELIF, MARA)}
    assert sorted(read[INGRID]) == ["Clarifying: Ours", note, "Submitted: Ours"]
    assert sorted(read[ELIF]) == ["Clarifying: Theirs", note, "Submitted: Theirs"]
    assert {"Clarifying: Ours", "Submitted: Hers alone", note} <= set(read[MARA])
    assert "Clarifying: Theirs" not in read[MARA]
    assert 'href="/roadmap/feed"' in door.sign_in(INGRID).get("/me").text


def test_it_speaks_its_owners_language(door: Door, town: Town) -> None:
    town.hand_in(INGRID, title="Ours")
    ingrid = door.sign_in(INGRID)
    chosen = {"name": "Ingrid", "locale": "zh-Hans", "time_zone": "UTC", "theme": "auto"}
    assert ingrid.post("/me", data=chosen).status_code == 302
    assert titles(door, make_address(ingrid)) == ["已提交：Ours"]


def test_an_address_stands_for_its_owner_until_it_is_revoked(door: Door, town: Town) -> None:
    shown = share(town, "Planned thing", steps=2)
    hidden = share(town, "Hidden thing")
    town.call(PAUL, publish_shared, hidden, published=False)
    ingrid = door.sign_in(INGRID)
    first = make_address(ingrid)
    assert titles(door, first) == ["Planned: Planned thing"]
    assert first not in ingrid.get("/roadmap/feed").text
    assert "last read on" in text_of(ingrid.get("/roadmap/feed"))
    second = make_address(ingrid, name="Phone")
    town.call(PAUL, move_shared, shown, State.IN_DEVELOPMENT)
    for address in (first, second):
        assert titles(door, address) == ["In development: Planned thing"]
    page = ingrid.get("/roadmap/feed")
    assert "Phone Made on" in text_of(page)
    assert "Without a name Made on" in text_of(page)
    newest, oldest = re.findall(r'action="(/roadmap/feed/[\w-]+/revocation)"', page.text)
    for other in (PIA, ELIF):
        assert door.sign_in(other).post(newest).status_code == 404
    assert ingrid.post(newest).status_code == 302
    assert door.visitor().get(second).status_code == 404
    assert titles(door, first) == ["In development: Planned thing"]
    ingrid.post(oldest)
    assert door.visitor().get(first).status_code == 404
    assert "None yet." in text_of(ingrid.get("/roadmap/feed"))
    with town.world.database.session(system_scope(town.now, "test")) as session:
        kept = session.scalars(select(FeedToken.secret_hash)).all()
    assert not any(second.partition("feed/")[2].removesuffix(".atom") in one for one in kept)


def test_who_is_shut_out_reads_nothing_and_no_name_is_told(door: Door, town: Town) -> None:
    shared = share(town, "Export by region")
    asked = town.hand_in(INGRID, title="Secret of Oskelund", visibility=Visibility.PRIVATE)
    town.call(PAUL, join_family, asked, shared)
    address = make_address(door.sign_in(ELIF))
    body = door.visitor().get(address).text
    assert "1 person at 1 company" in body
    for name in ("Oskelund", "Ingrid", "Secret"):
        assert name not in body
    assert "You asked for this" in door.visitor().get(make_address(door.sign_in(INGRID))).text
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.scalars(select(User).where(User.email == ELIF)).one().active = False
        session.commit()
    assert door.visitor().get(address).status_code == 404
    assert door.visitor().get("/roadmap/feed/no-such-token.atom").status_code == 404


def test_a_release_note_names_what_it_brings(door: Door, town: Town) -> None:
    add_note(town, audience="public")
    shared = share(town, "Export by region", steps=3)
    asked = town.hand_in(INGRID, title="Plants")
    town.call(PAUL, join_family, asked, shared)
    town.call(PAUL, move_shared, shared, State.RELEASED, release_note=NOTE)
    path = f"/knowledge/{NOTE}"
    response = door.sign_in(PIA).get(path)
    assert "Your company asked for this" in text_of(response)
    theirs = text_of(door.sign_in(ELIF).get(path))
    assert "Export by region" in theirs
    assert "asked for this" not in theirs
    assert "Export by region" not in text_of(door.visitor().get(path))
    town.call(PAUL, publish_shared, shared, published=False)
    again = door.sign_in(PIA).get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 200
    assert "Export by region" not in text_of(again)


def test_the_search_finds_what_is_published(door: Door, town: Town) -> None:
    share(town, "Zebra stripes in the export")
    hidden = share(town, "Zebra hooves")
    town.call(PAUL, publish_shared, hidden, published=False)
    said = text_of(door.sign_in(ELIF).get("/search?q=zebra"))
    assert "stripes in the export" in said
    assert "hooves" not in said
    assert "hooves" in text_of(door.sign_in(PAUL).get("/search?q=zebra"))
