"""A broken client sends ten thousand event names: they are capped, and the administrator hears."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.domain.event_rules import OTHER_NAME, Resolver, Rule, RuleText, make_rule
from portal.models import Feature, Mail, Notice, UsageName
from portal.services.api_keys import create_key
from portal.services.catalogue.rules import add_rule
from portal.services.senders import list_floods
from portal.tenancy import system_scope
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
from portal.usage.rollups import MOST_NAMES_OF_ONE
from portal.worker import Worker
from tests.apps import Door, make_settings
from tests.blueprints.reading import text_of
from tests.blueprints.usage import morning
from tests.world import ADMIN, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
NAMES, A_REQUEST = 10_000, 500


def post(door: Door, secret: str, events: list[dict[str, object]]) -> int:
    sent = door.visitor().post(
        "/v1/batch", data=json.dumps({"writeKey": secret, "batch": events}).encode()
    )
    return sent.status_code


def event(account: str, name: str) -> dict[str, object]:
    when = (NOW - timedelta(hours=2)).isoformat()
    return {
        "type": "track",
        "event": name,
        "userId": "u",
        "messageId": f"{account} {name}",
        "timestamp": when,
        "context": {"groupId": account},
    }


def flood(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        secret = create_key(session, "Broken", "write").secret
    for first in range(0, NAMES, A_REQUEST):
        names = (f"Order {number} opened" for number in range(first, first + A_REQUEST))
        assert post(door, secret, [event(OSKELUND.key, name) for name in names]) == 200
    assert post(door, secret, [event(QUILLON.key, "Report Opened")]) == 200


def work_off(door: Door, hours: int = 0) -> None:
    database, now = door.world.database, NOW + timedelta(hours=hours)
    fold_pending(database, now)
    settings = make_settings(database_url=database.url)
    while Worker(settings, database, clock=lambda: now, timetable=()).drain():
        pass


def test_ten_thousand_names_are_capped_and_the_administrator_hears_once_a_day(door: Door) -> None:
    flood(door)
    work_off(door)
    database = door.world.database
    with database.session(system_scope(NOW, "test")) as session:
        names = session.scalar(select(func.count(UsageName.id)))
        others = session.scalars(select(UsageName.events).where(UsageName.name == OTHER_NAME)).one()
        (row,) = list_floods(session)
    # Quillon's own name is counted; (other) belongs to nobody.
    assert names == MOST_NAMES_OF_ONE + 2
    assert (row.account_key, row.names) == (OSKELUND.key, MOST_NAMES_OF_ONE)
    assert row.events == others == NAMES - MOST_NAMES_OF_ONE
    told_once(door)
    admin = door.sign_in(ADMIN)
    home, page = text_of(admin.get("/")), text_of(admin.get("/admin/events"))
    assert "Clients that make up event names" in home
    assert "Oskelund Foods oskelund-foods 1,000 9,000" in page
    bell = text_of(admin.get("/notices"))
    assert "Oskelund Foods" in bell
    assert "A client makes up event names." in bell
    assert "Nothing has been told to you yet." in text_of(door.sign_in(MARA).get("/notices"))
    assert "A client makes up event names" in text_of(admin.get("/notices/preferences"))


def told_once(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        (notice,) = session.execute(select(Notice.kind, Notice.path)).all()
        (mail,) = session.execute(select(Mail.recipient, Mail.subject)).all()
    assert tuple(notice) == ("flooded", "/admin/events#floods")
    assert mail.recipient == ADMIN
    assert "a client of Oskelund Foods makes up event names" in mail.subject


@pytest.mark.parametrize(("hours", "times"), [(1, 1), (26, 2)])
def test_more_of_it_is_told_again_on_another_day(
    door: Door, monkeypatch: pytest.MonkeyPatch, hours: int, times: int
) -> None:
    monkeypatch.setattr("portal.usage.rollups.MOST_NAMES_OF_ONE", 3)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        secret = create_key(session, "Broken", "write").secret
    for part, later in enumerate((0, hours)):
        events = [event(OSKELUND.key, f"Order {part}-{number}") for number in range(5)]
        assert post(door, secret, events) == 200
        work_off(door, later)
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalar(select(func.count(Notice.id))) == times
        assert session.scalar(select(func.count(Mail.id))) == times


def test_further_names_count_for_the_pattern_that_fits_them(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the vendor's product puts an order into the name, its feature misses none of them."""
    monkeypatch.setattr("portal.usage.rollups.MOST_NAMES_OF_ONE", 3)
    database = door.world.database
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        secret = create_key(session, "Broken", "write").secret
        feature = session.scalars(select(Feature.key).order_by(Feature.id)).first()
    assert post(door, secret, [event(OSKELUND.key, f"Order {n}") for n in range(5)]) == 200
    work_off(door)
    assert counted(door) == {"Order 0": 1, "Order 1": 1, "Order 2": 1, OTHER_NAME: 2}
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        add_rule(session, feature, make_rule("Order *"))
    for first in (5, 7):
        more = [event(OSKELUND.key, f"Order {n}") for n in range(first, first + 2)]
        assert post(door, secret, more) == 200
        work_off(door)
    assert counted(door) == {"Order 0": 1, "Order 1": 1, "Order 2": 1, OTHER_NAME: 2, "Order *": 4}
    rebuild(database, NOW)
    assert counted(door) == {"Order 0": 1, "Order 1": 1, "Order 2": 1, "Order *": 6}
    assert compare_with_log(database, NOW).differences == []
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalar(select(func.count(Notice.id))) == 1


def test_which_names_of_a_flood_came_first_is_no_difference(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure, or a fold in other steps, may have read them in another order."""
    monkeypatch.setattr("portal.usage.rollups.MOST_NAMES_OF_ONE", 3)
    database = door.world.database
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        secret = create_key(session, "Broken", "write").secret
    assert post(door, secret, [event(OSKELUND.key, f"Order {n}") for n in range(5)]) == 200
    work_off(door)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        last = session.scalars(select(UsageName).where(UsageName.name == "Order 2")).one()
        last.name = "Order 4"
        session.commit()
    assert compare_with_log(database, NOW).differences == []


def counted(door: Door) -> dict[str, int]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        wanted = select(UsageName.name, UsageName.events).where(
            (UsageName.name == OTHER_NAME) | UsageName.name.startswith("Order ")
        )
        return {name: events for name, events in session.execute(wanted) if events}


def test_what_stands_for_many_names_is_no_name_to_map(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    said = admin.post(
        "/admin/event-names/mapping",
        data={"name": OTHER_NAME, "feature": "any"},
        follow_redirects=True,
    )
    assert "This is no event name." in text_of(said)
    rule = Rule(1, 1, RuleText("(*"))
    assert Resolver([rule]).feature_of("(none)") == 1
    assert Resolver([rule]).feature_of(OTHER_NAME) is None
