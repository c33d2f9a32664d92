"""The sample of tests/usage, folded, on both engines."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.usage.brute_force import Truth
from tests.usage.sample import NOW, ZONES, Sample, load_lists, make_sample, send_all

DAY = date(2026, 4, 5)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(bursts=60)


@pytest.fixture
def filled(database: Database, sample: Sample) -> Database:
    load_lists(database, sample)
    send_all(database, sample.events)
    fold_pending(database, NOW)
    return database


@pytest.fixture
def reader(filled: Database) -> Iterator[Database]:
    """The same as another process has it."""
    other = Database(filled.url)
    yield other
    other.dispose()


@pytest.fixture
def session(filled: Database) -> Iterator[Session]:
    with filled.session(system_scope(NOW, "test"), writes=True) as session:
        yield session


@pytest.fixture
def truth(sample: Sample) -> Truth:
    return Truth(sample, "acme", ZONES["acme"])
