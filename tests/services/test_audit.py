from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from portal.db import Database
from portal.domain.errors import Invalid
from portal.domain.permissions import Role
from portal.models import AuditEntry
from portal.models.audit_triggers import REFUSAL, create_statements, drop_statements
from portal.services.audit import AuditFilters, entries, record
from portal.tenancy import Scope
from tests.moments import NOON, after, at

MARA = Scope(
    user_id=7,
    role=Role.CSM,
    accounts=frozenset({3}),
    now=NOON,
    origin="192.0.2.7",
    request_id="abc12345",
    actor="mara@ferrymark.example",
    on_behalf_of="ingrid@oskelund.example",
)


def write(database: Database, count: int) -> None:
    with at(database) as session:
        for number in range(count):
            record(session, f"thing.n{number}", "thing", str(number))
        session.commit()


def test_an_entry_tells_who_what_when_where_and_on_whose_behalf(database: Database) -> None:
    with database.session(MARA, writes=True) as session:
        record(session, "report.published", "report", "r1", title="Q1", pages=3)
        session.commit()
        (entry,) = entries(session).entries
    assert (entry.at, entry.actor, entry.on_behalf_of) == (
        NOON,
        "mara@ferrymark.example",
        "ingrid@oskelund.example",
    )
    assert (entry.action, entry.object_type, entry.object_key) == (
        "report.published",
        "report",
        "r1",
    )
    assert (entry.account_id, entry.origin, entry.request_id) == (3, "192.0.2.7", "abc12345")
    assert entry.details == {"title": "Q1", "pages": 3}


def test_another_accounts_entries_are_out_of_reach(database: Database) -> None:
    with database.session(MARA, writes=True) as session:
        record(session, "report.published")
        session.commit()
    with database.session(replace(MARA, accounts=frozenset({4}))) as session:
        assert entries(session).entries == []


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEntry).values(actor="nobody"),
        delete(AuditEntry),
        text("UPDATE audit_entry SET actor = 'nobody'"),
        text("DELETE FROM audit_entry"),
    ],
)
def test_the_database_refuses_to_change_an_entry(database: Database, change: object) -> None:
    write(database, 2)
    with at(database) as session:
        with pytest.raises(DatabaseError, match=REFUSAL):
            session.execute(change)  # type: ignore[call-overload] # either kind of statement
        session.rollback()
        assert len(entries(session).entries) == 2


def test_sqlite_refuses_to_replace_an_entry(sqlite_database: Database) -> None:
    write(sqlite_database, 1)
    with at(sqlite_database) as session:
        number = session.scalar(select(AuditEntry.id))
        forged = insert(AuditEntry).prefix_with("OR REPLACE")
        with pytest.raises(DatabaseError, match=REFUSAL):
            session.execute(forged.values(id=number, at=NOON, action="forged", details={}))


def test_postgresql_refuses_to_truncate(database: Database) -> None:
    if database.is_sqlite:
        return
    write(database, 1)
    with at(database) as session, pytest.raises(DatabaseError, match=REFUSAL):
        session.execute(text("TRUNCATE audit_entry"))


def test_the_triggers_go_and_come_by_statements_of_their_own(database: Database) -> None:
    write(database, 1)
    name = database.engine.dialect.name
    with at(database) as session:
        connection = session.connection()
        for statement in drop_statements(name):
            connection.exec_driver_sql(statement)
        session.execute(update(AuditEntry).values(actor="migrated"))
        for statement in create_statements(name):
            connection.exec_driver_sql(statement)
        session.commit()
    with at(database) as session, pytest.raises(DatabaseError, match=REFUSAL):
        session.execute(delete(AuditEntry))


def test_pages_follow_each_other_without_gap_or_repetition(database: Database) -> None:
    write(database, 7)
    seen: list[str] = []
    page: str | None = None
    with at(database, after(60)) as session:
        for _ in range(3):
            found = entries(session, page=page, size=3)
            seen += [entry.object_key for entry in found.entries]
            page = found.following
            record(session, "thing.later", "thing", "later")
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    assert page is None


@pytest.mark.parametrize("page", ["x", "2026-03-02T12:00:00+00:00~x", "2026-03-02T12:00:00~1", "~"])
def test_a_forged_page_is_refused(sqlite_database: Database, page: str) -> None:
    with at(sqlite_database) as session, pytest.raises(Invalid):
        entries(session, page=page)


def test_filters_narrow(database: Database) -> None:
    write(database, 3)
    with at(database, after(60)) as session:
        record(session, "key.created", "key", "k1", account_id=9)
        record(session, "key_other", "key", "k2")
        session.commit()

        def keys(filters: AuditFilters) -> list[str]:
            return [entry.object_key for entry in entries(session, filters).entries]

        assert keys(AuditFilters(action="thing.")) == ["2", "1", "0"]
        assert keys(AuditFilters(action="thing.n1")) == ["1"]
        assert keys(AuditFilters(action="key.")) == ["k1"]
        assert keys(AuditFilters(object_type="key", object_key="k2")) == ["k2"]
        assert keys(AuditFilters(account_id=9)) == ["k1"]
        assert keys(AuditFilters(actor="nobody")) == []
        assert keys(AuditFilters(since=after(60))) == ["k2", "k1"]
        assert keys(AuditFilters(until=after(60))) == ["2", "1", "0"]
