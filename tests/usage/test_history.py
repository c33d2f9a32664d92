"""A history written straight into the tables is the one that folding its requests makes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.models import UsageAccount, UsageDay, UsageSealed, UsageSeen
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.facts import Facts, stored_facts
from portal.usage.fold import fold_pending
from portal.usage.sealing import seal
from portal.usage.wire import check_request
from tests.benchmarks.usage.history import History, requests
from tests.benchmarks.usage.written_history import make_accounts, write_history
from tests.databases import make_tables, open_database

MADE = History(accounts=6, events=3_000, days=150, seed=5, last=date(2026, 4, 6))
NOW = datetime(2026, 4, 9, tzinfo=UTC)


def facts(database: Database) -> Facts:
    with database.session(system_scope(NOW, "test")) as session:
        return stored_facts(session)


def send(database: Database, bodies: list[bytes]) -> None:
    for body in bodies:
        accept(database, check_request(body, "batch"), NOW)
    fold_pending(database, NOW)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    make_tables(url)
    database = open_database(url)
    yield database
    database.dispose()


def test_folded_and_written_are_the_same(sqlite_database: Database, other: Database) -> None:
    folded, written = sqlite_database, other
    make_accounts(folded, MADE, NOW)
    send(folded, list(requests(MADE)))
    seal(folded, NOW)
    ids = make_accounts(written, MADE, NOW)
    until = date(2026, 4, 1)
    write_history(written, MADE, until, NOW, ids)
    # The rest is folded on top of it, and what is known comes again.
    send(written, list(requests(MADE, until - timedelta(days=20), MADE.last)))
    found = facts(written)
    known = {key: fact for key, fact in facts(folded).items() if key in found or key[0] != "seen"}
    assert found == known
    with written.session(system_scope(NOW, "test")) as session:
        events = session.scalar(select(func.sum(UsageAccount.events)))
        assert events == MADE.events
        for model in (UsageDay, UsageSealed, UsageSeen):
            assert session.scalar(select(func.count()).select_from(model))
