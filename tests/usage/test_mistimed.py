"""Messages from the future and from long ago: refused, and listed by account and key."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.models import Account, UsageDay
from portal.services.api_keys import create_key, find_key
from portal.services.ingest import accept
from portal.services.usage_review import MistimedRow, list_mistimed
from portal.usage.comparison import compare_with_log
from portal.usage.erasing import begin_erasure
from portal.usage.fold import fold_pending
from portal.usage.person_log import Whose
from portal.usage.rebuild import rebuild
from portal.usage.wire import check_request
from tests.moments import NOON, after, at

FUTURE, ANCIENT = "2031-01-01T08:00:00Z", "1970-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def accounts(database: Database) -> None:
    with at(database) as session:
        for key in ("acme", "globex"):
            session.add(Account(key=key, name=key.title(), created_at=NOON))
        session.commit()


def event(number: int, stamp: str, account: str = "acme", **more: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "E",
        "userId": "una",
        "messageId": f"{account}-{number}",
        "timestamp": stamp,
        "context": {"groupId": account} if account else {},
        **more,
    }


def give(
    database: Database,
    events: list[dict[str, Any]],
    seconds: float = -60,
    key: str | None = None,
    own: str | None = None,
) -> None:
    found = None
    if key is not None:
        with at(database) as session:
            found = find_key(session, create_key(session, key, "write", own).secret, "write")
    body = json.dumps({"batch": events}).encode()
    accept(database, check_request(body, "batch"), after(seconds), found)


def listed(database: Database, fold_at: float = 0) -> list[MistimedRow]:
    fold_pending(database, after(fold_at))
    with at(database) as session:
        return list_mistimed(session)


def counted(database: Database) -> dict[date, int]:
    with at(database) as session:
        return {
            row.day: row.events for row in session.execute(select(UsageDay.day, UsageDay.events))
        }


def test_each_account_and_key_stands_with_its_times_and_a_sample(database: Database) -> None:
    give(database, [event(1, FUTURE), event(2, "2032-02-29T08:00:00Z"), event(3, ANCIENT)], key="A")
    give(database, [event(4, ANCIENT, "globex"), event(5, "2026-03-02T10:00:00Z")])
    give(database, [event(6, FUTURE, "", userId="own")], key="Bound", own="globex")
    rows = {(row.reason, row.account_key, row.key_name): row for row in listed(database)}
    assert {place: row.messages for place, row in rows.items()} == {
        ("future", "acme", "A"): 2,
        ("ancient", "acme", "A"): 1,
        ("ancient", "globex", None): 1,
        ("future", "globex", "Bound"): 1,
    }
    future = rows["future", "acme", "A"]
    assert (future.first_day, future.last_day) == (date(2031, 1, 1), date(2032, 2, 29))
    assert "acme-2" in future.sample
    assert counted(database) == {date(2026, 3, 2): 1}


def test_days_add_up_and_leave_after_ninety(database: Database) -> None:
    for days in range(3):
        give(database, [event(days, FUTURE)], seconds=days * 86_400)
    (row,) = listed(database, 3 * 86_400)
    assert (row.messages, row.last_at) == (3, after(2 * 86_400))
    give(database, [event(9, ANCIENT, "globex")], seconds=91 * 86_400)
    rows = listed(database, 92 * 86_400)
    assert [(one.account_key, one.messages) for one in rows] == [("globex", 1), ("acme", 2)]


def test_made_up_accounts_are_listed_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.usage.mistimed.MOST_A_DAY", 3)
    give(database, [event(number, FUTURE, f"made-up-{number}") for number in range(9)])
    rows = {row.account_key: row.messages for row in listed(database)}
    assert rows == {"made-up-0": 1, "made-up-1": 1, "made-up-2": 1, "": 6}


def test_years_that_no_date_can_hold_are_listed_all_the_same(database: Database) -> None:
    stamps = ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z", 1e300, -0.0]
    give(database, [event(number, stamp) for number, stamp in enumerate(stamps)])  # type: ignore[arg-type] # numbers are stamps too
    rows = {row.reason: (row.messages, row.first_day, row.last_day) for row in listed(database)}
    assert rows["ancient"] == (2, date(1, 1, 1), date(1970, 1, 1))
    assert rows["future"] == (2, date(9999, 12, 31), date(9999, 12, 31))


def test_sent_again_with_its_right_time_a_message_counts_and_a_rebuild_says_the_same(
    database: Database,
) -> None:
    give(database, [event(1, FUTURE), event(2, "2026-03-02T10:00:00Z")])
    assert len(listed(database)) == 1
    give(database, [event(1, "2026-03-02T11:00:00Z")], seconds=-30)
    assert len(listed(database)) == 1
    assert counted(database) == {date(2026, 3, 2): 2}
    rebuild(database, after(10))
    assert counted(database) == {date(2026, 3, 2): 2}
    assert compare_with_log(database, after(10)).differences == []
    with at(database) as session:
        assert [row.messages for row in list_mistimed(session)] == [1]


def test_an_erased_person_leaves_the_sample(database: Database) -> None:
    give(database, [event(1, FUTURE), event(2, FUTURE, "globex")])
    listed(database)
    with at(database, NOON + timedelta(hours=1)) as session:
        acme = session.scalars(select(Account).where(Account.key == "acme")).one()
        begin_erasure(session, Whose(acme.id, acme.key, "una"), NOON)
        session.commit()
    samples = {row.account_key: row.sample for row in listed(database)}
    assert samples["acme"] == ""
    assert "una" in samples["globex"]
