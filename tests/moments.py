"""Sessions at moments of the test's choosing: no test looks at a clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import Database
from portal.tenancy import system_scope

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@contextmanager
def at(database: Database, moment: datetime = NOON) -> Iterator[Session]:
    """A writing session over all accounts; what is not committed is gone."""
    with database.session(system_scope(moment, "test"), writes=True) as session:
        yield session
