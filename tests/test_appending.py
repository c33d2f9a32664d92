"""What `append` returned for is on the disk, whichever thread wrote it."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from portal.appending import NewRow
from portal.appending_files import FileStore
from portal.appending_rows import RowStore
from portal.db import Database
from portal.tenancy import system_scope
from portal.usage import inbox
from tests.moments import NOON

ROW = NewRow(NOON, None, 7, 3, "track", b"{}")


def kept(database: Database) -> int:
    with database.session(system_scope(NOON, "test")) as session:
        return len(inbox.claim(session, inbox.Most(9_999, 9_999, 9_999_999)).rows)


def test_a_row_comes_back_as_it_was(database: Database) -> None:
    moment = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
    database.appender.append(NewRow(moment, 5, None, 2, "batch", b"\x00\xff"))
    with database.session(system_scope(NOON, "test")) as session:
        (row,) = inbox.claim(session, inbox.Most(9, 9, 9_000)).rows
    assert (row.received_at, row.bound_id, row.key_id) == (moment, 5, None)
    assert (row.messages, row.kind, row.body, row.replay) == (2, "batch", b"\x00\xff", False)


def test_many_threads_lose_nothing(database: Database) -> None:
    def some(_number: int) -> None:
        for _ in range(25):
            database.appender.append(ROW)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(some, range(16)))
    assert kept(database) == 16 * 25


def test_after_a_failure_it_begins_anew(database: Database) -> None:
    database.appender.append(ROW)
    break_store(database)
    with pytest.raises(OperationalError):
        database.appender.append(ROW)
    database.appender.append(ROW)
    assert kept(database) == 2


def break_store(database: Database) -> None:
    """As when the database was restarted, or the disk is full."""
    store = database.appender._store
    if isinstance(store, FileStore):
        os.close(store._writer._part)
    else:
        assert isinstance(store, RowStore)
        store._connection.close()
