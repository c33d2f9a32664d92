"""The accounts at a glance."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from portal.db import Database
from portal.services.adoption import show_adoption
from portal.services.ingest import accept_lines
from portal.services.portfolio import PortfolioRow, list_portfolio
from portal.services.portfolio_snapshots import refresh_snapshots
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.usage.brute_force import Truth
from tests.usage.sample import ZONES, Sample

DAY = date(2026, 4, 5)
NOON = datetime(2026, 4, 6, 12, tzinfo=UTC)


def test_the_portfolio_in_a_few_statements(filled: Database, sample: Sample) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    now = datetime(2026, 4, 6, 12, tzinfo=UTC)
    event.listen(filled.engine, "before_cursor_execute", note)
    with filled.session(system_scope(now, "test")) as session:
        rows = list_portfolio(session)
    # One of them asks what is sealed.
    assert len([one for one in statements if "usage_" in one or "person" in one]) == 5
    assert [row.key for row in rows] == sorted(ZONES)
    for row in rows:
        truth = Truth(sample, row.key, ZONES[row.key])
        assert row.mau == len(truth.users(row.as_of, 30))
        assert len(row.spark) == 12
        assert row.spark[-1] == len(truth.users(row.as_of, 7))
        listed = truth.provisioned(row.as_of)
        expected = len(truth.users(row.as_of, 30) & listed) / len(listed)
        assert row.login_ratio_30d == pytest.approx(expected)


def rows_of(database: Database, now: datetime) -> tuple[list[PortfolioRow], list[str]]:
    """The portfolio, and the statements that read anything but the accounts and their snapshots."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.session(system_scope(now, "test")) as session:
        rows = list_portfolio(session)
    event.remove(database.engine, "before_cursor_execute", note)
    return rows, [one for one in sent if "usage_day" in one or "usage_person" in one]


def test_snapshots_say_what_the_rollups_say(filled: Database) -> None:
    before, read = rows_of(filled, NOON)
    assert read
    assert refresh_snapshots(filled, NOON) == len(before)
    after, read = rows_of(filled, NOON)
    assert not read
    assert after == before
    assert refresh_snapshots(filled, NOON) == 0


def test_a_new_day_is_counted_before_and_after_the_worker_has_been(filled: Database) -> None:
    refresh_snapshots(filled, NOON)
    tomorrow = NOON + timedelta(days=1)
    shown, _ = rows_of(filled, tomorrow)
    assert {row.as_of for row in shown} == {DAY + timedelta(days=1)}
    assert refresh_snapshots(filled, tomorrow) == len(shown)
    assert rows_of(filled, tomorrow) == (shown, [])


def test_a_late_event_shows_at_once(filled: Database) -> None:
    refresh_snapshots(filled, NOON)
    fold_one(filled, "2026-04-05T12:00:00Z")
    (found,) = [row for row in rows_of(filled, NOON)[0] if row.key == "acme"]
    with filled.session(system_scope(NOON, "test")) as session:
        assert found.mau == show_adoption(session, "acme", DAY).mau
    assert refresh_snapshots(filled, NOON) == 1


def test_today_s_events_leave_yesterday_s_snapshot_alone(filled: Database) -> None:
    refresh_snapshots(filled, NOON)
    fold_one(filled, "2026-04-06T11:00:00Z")
    assert refresh_snapshots(filled, NOON) == 0


def test_of_very_many_ended_days_the_ones_before_are_shown_as_such(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_snapshots(filled, NOON)
    monkeypatch.setattr("portal.services.portfolio.MOST_AT_ONCE", 1)
    rows, _ = rows_of(filled, NOON + timedelta(days=1))
    assert sorted(row.as_of for row in rows)[-2:] == [DAY, DAY + timedelta(days=1)]


def fold_one(database: Database, stamp: str) -> None:
    message = {
        "type": "track",
        "event": "Login",
        "messageId": f"one-{stamp}",
        "userId": "somebody-new",
        "timestamp": stamp,
        "context": {"groupId": "acme"},
    }
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        list(accept_lines(session, [json.dumps(message).encode()]))
    fold_pending(database, NOON)
