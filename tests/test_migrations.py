"""Migrations run up and down on both databases, with rows in the tables, and end where the
models are.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import DBAPIError

from portal.db import Base, Database
from portal.migrate import alembic_config, downgrade, migrate
from portal.models import (
    Account,
    AuditEntry,
    EventRule,
    KnowledgeRevision,
    KnowledgeVersion,
    UsageInbox,
    ValueReport,
)
from portal.revisions import current, newest
from portal.services.knowledge_keeping import digest_of
from portal.tenancy import system_scope
from tests.hub import TEXTS, fill
from tests.security.objects import make_objects
from tests.world import OSKELUND, build_world

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    database = Database(blank_url)
    yield database
    database.dispose()


def test_up_from_nothing_ends_where_the_models_are(blank: Database) -> None:
    assert current(blank) == ""
    migrate(blank)
    assert current(blank) == newest()
    with blank.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_is_the_one_that_the_tool_ends_at() -> None:
    assert newest() == ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_a_second_time_changes_nothing(blank: Database) -> None:
    migrate(blank)
    migrate(blank)
    assert current(blank) == newest()


def test_down_to_nothing_and_up_again_with_filled_tables(blank: Database) -> None:
    migrate(blank)
    make_objects(build_world(blank))
    with blank.session(system_scope(NOW, "test")) as session:
        assert session.scalar(select(func.count(Account.id))) == 2
    downgrade(blank, "base")
    assert set(inspect(blank.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    migrate(blank)
    build_world(blank)


def test_walls_and_triggers_go_and_come_with_rows_in_the_tables(blank: Database) -> None:
    migrate(blank)
    build_world(blank)
    downgrade(blank, "0001")
    migrate(blank)
    with blank.session(system_scope(NOW, "test"), writes=True) as session:
        assert session.scalar(select(func.count(Account.id))) == 2
        session.add(AuditEntry(at=NOW, action="test", details={}))
        session.commit()
        entry = session.scalars(select(AuditEntry)).one()
        entry.action = "changed"
        with pytest.raises(DBAPIError, match="append-only"):
            session.commit()


def test_a_published_report_never_changes(blank: Database) -> None:
    migrate(blank)
    world = build_world(blank)
    with blank.session(system_scope(NOW, "test"), writes=True) as session:
        report = ValueReport(
            account_id=world.accounts[OSKELUND.key],
            first=NOW.date(),
            last=NOW.date(),
            notes={},
            created_at=NOW,
            updated_at=NOW,
            published_at=NOW,
            snapshot=b"{}",
        )
        session.add(report)
        session.commit()
        report.snapshot = b"[]"
        with pytest.raises(DBAPIError, match="never changes"):
            session.commit()


def test_what_stands_in_an_older_release_is_there_after_the_newest_migration(
    blank: Database,
) -> None:
    migrate(blank)
    make_objects(build_world(blank))
    before = _counts(blank)
    downgrade(blank, "0002")
    migrate(blank)
    after = _counts(blank)
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}
    assert all(before[name] for name in KEPT)


def test_what_waits_in_the_inbox_of_an_earlier_release_is_moved_once(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    downgrade(database, "0026")
    with database.system() as connection:
        connection.exec_driver_sql("DELETE FROM usage_fold")
        connection.exec_driver_sql(
            "INSERT INTO usage_fold (id, version, anonymous, duplicates, inbox_to)"
            " VALUES (1, 0, 0, 0, 5)"
        )
    inbox = sqlite_url.removeprefix("sqlite:///").replace("paceline.db", "paceline-inbox.db")
    with closing(sqlite3.connect(inbox)) as old, old:
        old.execute(
            "CREATE TABLE usage_inbox (id INTEGER PRIMARY KEY, received_at, bound_id, key_id,"
            " messages, kind, body, replay)"
        )
        old.executemany(
            "INSERT INTO usage_inbox VALUES (?, '2026-11-21 08:00:00.000000', 1, 2, 3, 'track',"
            " x'7b7d', 0)",
            [(number,) for number in range(4, 9)],
        )
    migrate(database)
    with database.session(system_scope(NOW, "test")) as session:
        waiting = session.scalars(select(UsageInbox)).all()
        assert [(row.key_id, row.messages, row.body) for row in waiting] == [(2, 3, b"{}")] * 3
        assert waiting[0].received_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    database.dispose()


def test_the_number_of_a_rule_that_is_gone_does_not_come_back(blank: Database) -> None:
    """Counted names tell rules by their numbers; on SQLite the table is made anew."""
    migrate(blank)
    build_world(blank)
    with blank.session(system_scope(NOW, "test"), writes=True) as session:
        last = session.scalars(select(EventRule).order_by(EventRule.id.desc())).first()
        assert last is not None
        gone = last.id
        session.delete(last)
        session.commit()
    for _ in range(2):
        downgrade(blank, "0028")
        migrate(blank)
    with blank.session(system_scope(NOW, "test"), writes=True) as session:
        rule = EventRule(pattern="New", key="new-rule")
        session.add(rule)
        session.flush()
        assert rule.id > gone


# Tables of the first release that hold rows in the tests' world.
KEPT = ("account", "account_assignment", "entitlement", "feature", "person", "portal_user")


def _counts(database: Database) -> dict[str, int]:
    with database.system(writes=False) as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(Base.metadata.tables[name]))
            or 0
            for name in KEPT
        }


def test_what_was_published_before_there_were_revisions_has_one(
    blank: Database, tmp_path: Path
) -> None:
    migrate(blank)
    fill(blank, tmp_path, ("en", "zh-Hans"))
    downgrade(blank, "0031")
    migrate(blank)
    with blank.session(system_scope(NOW, "test")) as session:
        rows = session.execute(
            select(
                KnowledgeVersion.digest,
                KnowledgeVersion.loaded_digest,
                KnowledgeVersion.locale,
                KnowledgeVersion.source_revision,
                KnowledgeRevision.digest,
                KnowledgeRevision.fields,
                KnowledgeRevision.body,
            ).join(
                KnowledgeRevision,
                (KnowledgeRevision.item_id == KnowledgeVersion.item_id)
                & (KnowledgeRevision.locale == KnowledgeVersion.locale)
                & (KnowledgeRevision.number == KnowledgeVersion.revision),
            )
        ).all()
    assert len(rows) == 2 * len(TEXTS)
    for digest, loaded, locale, source, kept, fields, body in rows:
        assert digest == loaded == kept == digest_of(fields, body)
        assert source == (0 if locale == "en" else 1)
