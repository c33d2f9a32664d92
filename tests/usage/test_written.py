"""A history written straight into the tables is the one that folding its requests makes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, insert, select

from portal.db import Database
from portal.models import Account, UsageDay, UsageSealed, UsageSeen
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.facts import Facts, stored_facts
from portal.usage.fold import fold_pending
from portal.usage.sealing import seal
from portal.usage.wire import check_request
from tests.benchmarks.usage.bodies import bodies_of
from tests.benchmarks.usage.synthetic import NOW, history
from tests.benchmarks.usage.writing import MIDNIGHT, Writer, write_catalogue
from tests.databases import make_tables, open_database

SIZES = {1: 900, 2: 300, 40: 30}
MADE = [history(rank, size, np.random.default_rng(rank)) for rank, size in SIZES.items()]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    make_tables(url)
    database = open_database(url)
    yield database
    database.dispose()


def facts(database: Database) -> Facts:
    """But for hashes: those that are written are of no message."""
    with database.session(system_scope(NOW, "test")) as session:
        return {key: fact for key, fact in stored_facts(session).items() if key[0] != "seen"}


def fold(database: Database) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        rows = [
            {"id": rank, "key": f"account-{rank}", "name": "A", "created_at": NOW} for rank in SIZES
        ]
        session.execute(insert(Account), rows)
        session.commit()
    for body in bodies_of(MADE, MIDNIGHT):
        accept(database, check_request(body, "batch"), NOW)
    fold_pending(database, NOW)
    seal(database, NOW)


def write(database: Database) -> None:
    write_catalogue(database)
    writer = Writer(database)
    for one in MADE:
        writer.add(one)
    writer.finish()


def test_folded_and_written_are_the_same(sqlite_database: Database, other: Database) -> None:
    fold(sqlite_database)
    write(other)
    expected = facts(sqlite_database)
    assert sum(fact[0] for key, fact in expected.items() if key[0] == "day") == sum(SIZES.values())
    assert facts(other) == expected
    with other.session(system_scope(NOW, "test")) as session:
        for model in (UsageDay, UsageSealed, UsageSeen):
            assert session.scalar(select(func.count()).select_from(model))
