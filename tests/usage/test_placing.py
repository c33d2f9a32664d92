"""Which account a message counts for, and what happens to those of none."""

from typing import Any

from sqlalchemy import select

from portal.db import Database
from portal.models import Account, UsageLog
from portal.services.adoption import show_adoption
from portal.services.arrivals import list_unlisted
from portal.services.imports import import_accounts
from portal.services.usage_review import (
    intake_state,
    list_unknown_accounts,
    list_unmapped,
)
from portal.tenancy import system_scope
from portal.usage import quarantine
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
from tests.usage.sample import NOW, load_lists, make_sample, send

DAY = "2026-05-04"


def track(message: str, user: str = "u", **more: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Order Created",
        "messageId": message,
        "userId": user,
        "timestamp": f"{DAY}T12:00:00Z",
        **more,
    }


def group(message: str, user: str, account: str, hour: int = 9) -> dict[str, Any]:
    return {
        "type": "group",
        "messageId": message,
        "userId": user,
        "groupId": account,
        "timestamp": f"{DAY}T{hour:02}:00:00Z",
    }


def events_of(database: Database, account: str) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        return show_adoption(session, account).events


def fold(database: Database, *events: dict[str, Any]) -> None:
    send(database, events)
    fold_pending(database, NOW)


def test_context_wins_over_group_call_and_groups(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    fold(
        database,
        group("g", "u", "globex"),
        track("1", context={"groupId": "acme"}, properties={"$groups": {"company": "initech"}}),
        track("2", properties={"$groups": {"company": "initech"}}),
        track("3", user="v", properties={"$groups": {"company": "initech"}}),
    )
    assert [events_of(database, one) for one in ("acme", "globex", "initech")] == [1, 1, 1]


def test_a_later_group_call_attaches_what_came_before(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    fold(database, track("1"), track("2", user="other"))
    assert events_of(database, "acme") == 0
    fold(database, group("g", "u", "acme"))
    fold_pending(database, NOW)
    assert events_of(database, "acme") == 1
    with database.session(system_scope(NOW, "test")) as session:
        kept = list_unknown_accounts(session)
    assert [(row.account_key, row.messages) for row in kept] == [("", 1)]
    assert compare_with_log(database, NOW).differences == []


def test_the_newest_group_call_counts_whatever_the_order(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    fold(database, group("new", "u", "globex", hour=10), group("old", "u", "acme", hour=8))
    fold(database, track("1"))
    assert [events_of(database, one) for one in ("acme", "globex")] == [0, 1]


def test_unknown_accounts_are_listed_until_they_appear(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    fold(database, *(track(f"{n}", context={"groupId": "umbrella"}) for n in range(3)))
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        found = list_unknown_accounts(session)
        assert [(row.account_key, row.messages) for row in found] == [("umbrella", 3)]
        csv = b"key,name,time_zone\numbrella,Umbrella,UTC\n"
        import_accounts(session, csv)
    fold_pending(database, NOW)
    assert events_of(database, "umbrella") == 3
    with database.session(system_scope(NOW, "test")) as session:
        assert list_unknown_accounts(session) == []
        # The log holds each request once, although part of it went through the inbox twice.
        assert sum(session.scalars(select(UsageLog.messages))) == 3


def test_an_account_made_otherwise_is_found_by_the_fold(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    fold(database, track("1", context={"groupId": "umbrella"}))
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(Account(key="umbrella", name="Umbrella", created_at=NOW))
        session.commit()
    fold_pending(database, NOW)
    assert events_of(database, "umbrella") == 1


def test_attaching_by_hand(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    fold(database, track("1", context={"groupId": "umbrella"}))
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(Account(key="umbrella", name="Umbrella", created_at=NOW))
        session.flush()
        assert quarantine.attach(session, ["umbrella"]) == 1
        assert quarantine.attach(session, ["umbrella"]) == 0
        assert intake_state(session).waiting == 1


def test_what_counts_as_activity(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    here: dict[str, Any] = {"context": {"groupId": "acme"}}
    identify = {**track("1", **here), "type": "identify"}
    alias = {**track("2", **here), "type": "alias", "previousId": "x"}
    page = {**track("3", **here), "type": "page", "name": "Start", "event": None}
    screen = {**track("4", **here), "type": "screen", "event": None}
    anonymous = {**track("5", **here), "userId": None, "anonymousId": "a"}
    fold(database, identify, alias, page, screen, anonymous, track("6", **here))
    assert events_of(database, "acme") == 3
    with database.session(system_scope(NOW, "test")) as session:
        assert [row.name for row in list_unmapped(session)] == ["Start", "screen"]
        assert intake_state(session).anonymous == 1
        (seen,) = list_unlisted(session)
        assert (seen.account_key, seen.persons) == ("acme", 1)


def test_a_rebuild_gives_the_same(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    fold(database, track("1"), track("2", user="other"), track("3", context={"groupId": "no"}))
    fold(database, group("g", "u", "acme"))
    rebuild(database, NOW)
    fold_pending(database, NOW)
    assert events_of(database, "acme") == 1
    with database.session(system_scope(NOW, "test")) as session:
        kept = {row.account_key: row.messages for row in list_unknown_accounts(session)}
    assert kept == {"": 1, "no": 1}
    assert compare_with_log(database, NOW).differences == []
