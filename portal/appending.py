"""Rows for the inbox, durable when `append` returns: the one write that every event waits for.

It speaks to the driver: what SQLAlchemy does for a statement costs more here than the statement.
While one commit is under way other threads gather, and the next one takes what all of them brought.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from portal.domain.quotas import Quota
from portal.quota_buckets import Buckets

COLUMNS = ("received_at", "bound_id", "key_id", "messages", "kind", "body", "replay")


@dataclass(frozen=True, slots=True)
class NewRow:
    """A request as it goes into the inbox; the columns of UsageInbox."""

    received_at: datetime
    bound_id: int | None
    key_id: int | None
    messages: int
    kind: str
    body: bytes
    quota: Quota | None = None


class _Group:
    """Rows of several threads on their way; `done` when they were tried."""

    __slots__ = ("done", "failure", "rows", "waits")

    def __init__(self) -> None:
        self.rows: list[NewRow] = []
        # By the place of a row that its key's quota held back: the seconds to wait.
        self.waits: dict[int, float] = {}
        self.done = threading.Event()
        self.failure: Exception | None = None


class Appender:
    """One connection of this process; any thread may call."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        mark = "?" if self._is_sqlite else "%s"
        marks = ", ".join("%b" if name == "body" and mark == "%s" else mark for name in COLUMNS)
        self._insert = f"INSERT INTO usage_inbox ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608 # constants of this module
        self._buckets = Buckets(mark, locks=not self._is_sqlite)
        self._joining = threading.Lock()
        self._writing = threading.Lock()
        self._group = _Group()
        self._connection: Any = None

    def append(self, row: NewRow) -> float:
        """0 where the row is kept; else its key's quota is used up, and these are the seconds to
        wait. Raises OperationalError where the database did not take it.
        """
        with self._joining:
            group = self._group
            place = len(group.rows)
            group.rows.append(row)
        if place == 0:
            self._write_group(group)
        else:
            group.done.wait()
        if group.failure is not None:
            raise group.failure
        return group.waits.get(place, 0.0)

    def _write_group(self, group: _Group) -> None:
        """By the first of them. While another group is written, more threads join this one."""
        with self._writing:
            with self._joining:
                self._group = _Group()
            try:
                self._write(group)
            finally:
                group.done.set()

    def close(self) -> None:
        with self._writing:
            self._drop()

    def _write(self, group: _Group) -> None:
        try:
            cursor = self._connected().cursor()
            if any(row.quota for row in group.rows):
                self._commit_within_quotas(cursor, group)
            else:
                self._commit(cursor, [self._values(row) for row in group.rows])
        except self._engine.dialect.loaded_dbapi.Error as failure:
            self._drop()
            group.failure = OperationalError(self._insert, None, failure)

    def _commit(self, cursor: Any, rows: list[tuple[Any, ...]]) -> None:
        if len(rows) == 1:
            cursor.execute(self._insert, rows[0])
        elif self._is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany(self._insert, rows)
            cursor.execute("COMMIT")
        else:
            # One implicit transaction, one way there and back.
            cursor.executemany(self._insert, rows)

    def _commit_within_quotas(self, cursor: Any, group: _Group) -> None:
        """Quotas are drawn in the commit that keeps the rows; keys in a fixed order, so that two
        processes never wait for each other.
        """
        cursor.execute("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
        order = sorted(range(len(group.rows)), key=lambda place: group.rows[place].key_id or 0)
        for place in order:
            wait = self._draw(cursor, group.rows[place])
            if wait:
                group.waits[place] = wait
        rows = [row for place, row in enumerate(group.rows) if place not in group.waits]
        kept = [self._values(row) for row in rows]
        if kept:
            cursor.executemany(self._insert, kept)
        cursor.execute("COMMIT")

    def _draw(self, cursor: Any, row: NewRow) -> float:
        if row.quota is None or row.key_id is None:
            return 0.0
        return self._buckets.draw(cursor, row.key_id, row.quota, row.messages, row.received_at)

    def _values(self, row: NewRow) -> tuple[Any, ...]:
        at: Any = row.received_at
        if self._is_sqlite:
            # As SQLAlchemy keeps a moment there.
            at = at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        return (at, row.bound_id, row.key_id, row.messages, row.kind, row.body, False)

    def _connected(self) -> Any:
        """The driver's connection, where each statement is a transaction of its own."""
        if self._connection is None:
            pooled = self._engine.raw_connection()
            self._connection = pooled.driver_connection
            pooled.detach()
            if not self._is_sqlite:
                self._connection.autocommit = True
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
