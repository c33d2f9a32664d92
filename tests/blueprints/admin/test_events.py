"""/admin/events: what arrives, and what of it needs somebody."""

from datetime import timedelta

import pytest

from portal.usage.sealing import KNOWN_FOR, seal
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, send, work
from tests.world import ADMIN, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = "/admin/events"


def test_before_the_first_event_the_page_says_how_to_begin(door: Door) -> None:
    said = text_of(door.sign_in(ADMIN).get(ADDRESS))
    assert "No event has arrived yet. Nothing wants a look." in said
    assert "Create a write key" in said


def test_where_all_is_well_each_part_says_so(door: Door) -> None:
    work(door.world.database, OSKELUND, [1, 2], days_back(1))
    said = text_of(door.sign_in(ADMIN).get(ADDRESS))
    assert "Events arrive. Nothing wants a look." in said
    for well in (
        "Every event name belongs to a feature.",
        "Every message found its account.",
        "Everybody in the events is on a list of people.",
        "Every message could be read.",
    ):
        assert well in said


def test_each_thing_stands_with_its_number_and_what_to_do(door: Door) -> None:
    work(door.world.database, OSKELUND, [1, 2, 77, 78], days_back(1, 2, 3))
    work(door.world.database, QUILLON, [1, 79], days_back(1))
    work(door.world.database, OSKELUND, [1, 2], days_back(1, 2), "Teapot Boiled")
    lost = {"type": "track", "userId": "u", "event": "Teapot Boiled"}
    send(
        door.world.database,
        [{**lost, "messageId": str(one), "context": {"groupId": "acme"}} for one in range(3)],
    )
    send(door.world.database, [{"type": "track", "userId": "<b>x</b>"}, {"type": "sing"}])
    page = door.sign_in(ADMIN).get(ADDRESS)
    said = text_of(page)
    assert "Events arrive. Four things want a look." in said
    assert "Teapot Boiled 4" in said
    assert "Map event names" in said
    assert "acme 3" in said
    assert "paceline account import" in said
    assert said.index("Oskelund Foods 2") < said.index("Quillon Insurance 1")
    assert "no-event Give each track message the name of its event. 1" in said
    assert "unknown-type" in said
    assert "<b>x</b>" not in page.text


def test_messages_of_an_impossible_time_are_listed_by_account(door: Door) -> None:
    odd = {"type": "track", "event": "E", "userId": "u", "context": {"groupId": OSKELUND.key}}
    stamps = ("1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
    send(door.world.database, [{**odd, "timestamp": stamp} for stamp in stamps])
    said = text_of(door.sign_in(ADMIN).get(ADDRESS))
    assert "Messages with a time that cannot be" in said
    assert "oskelund-foods ancient 2 1 January 1 – 1 January 1970" in said
    assert "oskelund-foods future 1 31 December 9999" in said


def test_messages_that_came_too_late_are_listed(door: Door) -> None:
    database = door.world.database
    work(database, OSKELUND, [1, 2], days_back(1))
    seal(database, NOW + timedelta(days=KNOWN_FOR + 3))
    work(database, OSKELUND, [1], days_back(1), "Teapot Boiled")
    said = text_of(door.sign_in(ADMIN).get(ADDRESS))
    assert "Messages that came too late" in said
    assert "paceline rebuild" in said


def test_the_admin_alone_sees_it(door: Door) -> None:
    assert door.visitor().get(ADDRESS).headers["Location"].startswith("/sign-in")
    for role in ("champion", "member", "executive", "csm", "editor", "product", "manager"):
        assert door.role(role).get(ADDRESS).status_code == 403
    assert door.sign_in(MARA).get(ADDRESS).status_code == 403
    assert door.sign_in(ADMIN).post(ADDRESS).status_code == 405


def test_the_statements_do_not_grow_with_what_arrives(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    work(door.world.database, OSKELUND, [90], days_back(1), "Name")
    admin.get(ADDRESS)
    with counted(door.world.database) as few:
        admin.get(ADDRESS)
    for name in range(12):
        work(door.world.database, OSKELUND, [90 + name], days_back(1), f"Name {name}")
    with counted(door.world.database) as many:
        admin.get(ADDRESS)
    assert len(many) == len(few)
