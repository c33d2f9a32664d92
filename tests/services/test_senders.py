"""What arrives now, by whom, and who floods."""

import json
from datetime import timedelta

import pytest

from portal.db import Database
from portal.domain.event_rules import OTHER_NAME
from portal.models import Account
from portal.services.api_keys import create_key, find_key
from portal.services.ingest import accept
from portal.services.senders import list_floods, list_senders, newest_messages
from portal.services.usage_review import list_refusals, list_unmapped
from portal.usage.fold import fold_pending
from portal.usage.wire import check_request
from tests.moments import NOON, after, at


def event(number: int, name: str = "E", account: str = "acme") -> dict[str, object]:
    return {
        "type": "track",
        "event": name,
        "userId": "u",
        "messageId": f"{account}-{number}",
        "context": {"groupId": account},
    }


def give(database: Database, events: list[dict[str, object]], seconds: float, name: str) -> None:
    with at(database) as session:
        key = find_key(session, create_key(session, name, "write").secret, "write")
    body = json.dumps({"batch": events}).encode()
    accept(database, check_request(body, "batch"), after(seconds), key)


@pytest.fixture(autouse=True)
def accounts(database: Database) -> None:
    with at(database) as session:
        for key in ("acme", "globex"):
            session.add(Account(key=key, name=key.title(), created_at=NOON))
        session.commit()


def test_each_key_stands_with_its_hour_and_its_pace(database: Database) -> None:
    give(database, [event(1), event(2)], -3500, "Shop")
    give(database, [event(3), {}], -70, "Backend")
    give(database, [event(4)], -4000, "Long ago")
    fold_pending(database, NOON)
    with at(database) as session:
        rows = list_senders(session)
        (refusal,) = list_refusals(session)
    found = {row.name: (row.pace, row.requests, row.messages, row.refused) for row in rows}
    assert found == {"Shop": (0.0, 1, 2, 0), "Backend": (0.2, 1, 2, 1)}
    assert refusal.key_name == "Backend"
    assert max(row.last_at for row in rows) == NOON - timedelta(minutes=2)


def test_the_newest_messages_come_first(database: Database) -> None:
    give(database, [event(1, "First"), event(2, "Second")], -60, "Shop")
    give(database, [event(3, "Third"), {}], -30, "Shop")
    fold_pending(database, NOON)
    with at(database) as session:
        rows = newest_messages(session)
    assert [row.event for row in rows] == ["Third", "Second", "First"]
    assert (rows[0].person, rows[0].account_key, rows[0].received_at) == ("u", "acme", after(-30))


def test_one_broken_client_leaves_names_to_everybody_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.usage.rollups.MOST_NAMES_OF_ONE", 10)
    monkeypatch.setattr("portal.services.senders.MOST_NAMES_OF_ONE", 10)
    for piece in range(4):
        flood = [event(n, f"Order {n}") for n in range(piece * 6, piece * 6 + 6)]
        give(database, flood, -60, "Broken")
        fold_pending(database, NOON)
    give(database, [event(n, f"Own {n}", "globex") for n in range(8)], -50, "Good")
    give(database, [event(99, "Order 20", "globex")], -50, "Good")
    fold_pending(database, NOON)
    with at(database) as session:
        names = {row.name: row.events for row in list_unmapped(session)}
        floods = list_floods(session)
    assert names.pop(OTHER_NAME) == 14
    assert names == {
        **{f"Order {n}": 1 for n in (*range(10), 20)},
        **{f"Own {n}": 1 for n in range(8)},
    }
    assert [(row.account_key, row.names, row.events) for row in floods] == [("acme", 10, 14)]
    assert floods[0].last_day == NOON.date()
    with at(database, after(86_400 * 31)) as session:
        assert list_floods(session) == []


def test_where_no_name_is_free_those_with_the_most_names_are_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("portal.usage.rollups", "portal.services.senders"):
        monkeypatch.setattr(f"{module}.MOST_NAMES", 6)
    give(database, [event(n, f"Order {n}") for n in range(4)], -60, "One")
    give(database, [event(n, f"Own {n}", "globex") for n in range(4)], -50, "Other")
    fold_pending(database, NOON)
    with at(database) as session:
        assert {row.account_key for row in list_floods(session)} <= {"acme", "globex"}
        assert sum(row.events for row in list_floods(session)) == 2
