"""The accounts at a glance."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import Account, UsageAccount
from portal.services.adoption import show_adoption
from portal.services.imports import import_accounts, import_people
from portal.services.ingest import accept_lines
from portal.services.portfolio import PortfolioRow, list_portfolio
from portal.services.portfolio_snapshots import refresh_snapshots
from portal.tenancy import Scope, system_scope
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
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
    # One of them asks what is sealed, one whether anything is known already.
    assert len([one for one in statements if "usage_" in one or "person" in one]) == 6
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
    monkeypatch.setattr("portal.services.portfolio_rows.MOST_AT_ONCE", 1)
    rows, _ = rows_of(filled, NOON + timedelta(days=1))
    assert sorted(row.as_of for row in rows)[-2:] == [DAY, DAY + timedelta(days=1)]


def of_today(database: Database) -> None:
    fold_one(database, "2026-04-06T11:00:00Z")


def of_yesterday(database: Database) -> None:
    fold_one(database, "2026-04-05T12:00:00Z")


def of_somebody_else(database: Database) -> None:
    fold_one(database, "2026-04-05T12:00:00Z", account="initech")


def renamed(database: Database) -> None:
    """The sum of two revisions hides neither change."""
    change(database, update(Account).where(Account.key == "acme").values(name="Zebra"))
    change(database, update(Account).where(Account.key == "globex").values(name="Aardvark"))


def one_more(database: Database) -> None:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        import_accounts(session, b"key,name,time_zone\nhooli,Hooli,UTC\n")


def one_less(database: Database) -> None:
    change(database, delete(Account).where(Account.key == "globex"))


def one_more_person(database: Database) -> None:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        import_people(session, b"account,external_id,team,active_from\nacme,more,New,2026-01-01\n")


def without_usage(database: Database) -> None:
    globex = select(Account.id).where(Account.key == "globex").scalar_subquery()
    change(database, delete(UsageAccount).where(UsageAccount.account_id == globex))


def made_again(database: Database) -> None:
    fold_one(database, "2026-04-05T12:00:00Z")
    rebuild(database, NOON)


def change(database: Database, statement: Any) -> None:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        session.execute(statement.execution_options(synchronize_session=False))
        session.commit()


@pytest.mark.parametrize(
    "happen",
    [
        *(of_yesterday, of_somebody_else, renamed, one_more, one_less),
        *(one_more_person, without_usage, made_again),
    ],
)
def test_what_a_process_remembers_is_what_there_is(
    filled: Database, reader: Database, happen: Callable[[Database], None]
) -> None:
    """Whoever changes it is another process than the reader's."""
    if happen is not of_somebody_else:
        refresh_snapshots(filled, NOON)
    before = portfolio(reader)
    assert before == portfolio(reader) == portfolio(filled, remembered=False)
    happen(filled)
    after = portfolio(reader)
    assert after == portfolio(filled, remembered=False)
    assert after != before
    tomorrow = portfolio(reader, NOON + timedelta(days=1))
    assert tomorrow == portfolio(filled, NOON + timedelta(days=1), remembered=False)
    assert portfolio(reader) == after


def test_after_a_fold_only_what_it_touched_is_read_again(filled: Database) -> None:
    refresh_snapshots(filled, NOON)
    portfolio(filled)
    of_today(filled)
    read: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if "account_snapshot" in statement:
            read.append(given)

    event.listen(filled.engine, "before_cursor_execute", note)
    portfolio(filled)
    (given,) = read
    assert len(given) == 1
    portfolio(filled)
    assert len(read) == 1


def test_who_sees_some_accounts_sees_no_others_that_the_process_remembers(filled: Database) -> None:
    rows = {row.key: row for row in portfolio(filled)}
    with filled.session(system_scope(NOON, "test")) as session:
        wanted = select(Account.id).where(Account.key.in_(["acme", "initech"]))
        accounts = frozenset(session.scalars(wanted))
    few = Scope(user_id=1, role=Role.CSM, accounts=accounts, now=NOON)
    with filled.session(few) as session:
        found = list_portfolio(session)
        keys = session.scalars(select(Account.key).order_by(Account.name)).all()
    assert [row.key for row in found] == keys
    assert len(keys) == 2
    assert found == [rows[key] for key in keys]


def portfolio(
    database: Database, now: datetime = NOON, *, remembered: bool = True
) -> list[PortfolioRow]:
    """A session that writes neither takes nor leaves anything in the process."""
    with database.session(system_scope(now, "test"), writes=not remembered) as session:
        return list_portfolio(session)


def fold_one(database: Database, stamp: str, account: str = "acme") -> None:
    message = {
        "type": "track",
        "event": "Login",
        "messageId": f"{account}-{stamp}",
        "userId": "somebody-new",
        "timestamp": stamp,
        "context": {"groupId": account},
    }
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        list(accept_lines(session, [json.dumps(message).encode()]))
    fold_pending(database, NOON)
