"""Rows for the inbox, durable when `append` returns: the one write that every event waits for.

It speaks to the driver: what SQLAlchemy does for a statement costs more here than the statement.
Whoever finds the connection free writes what all threads have brought by then, in one commit.
"""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

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


class _Entry:
    """A thread's row on its way. `open` until it was tried."""

    __slots__ = ("failure", "open", "row")

    def __init__(self, row: NewRow) -> None:
        self.row = row
        self.open = True
        self.failure: Exception | None = None


class Appender:
    """One connection of this process; any thread may call."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        mark = "?" if self._is_sqlite else "%s"
        marks = ", ".join("%b" if name == "body" and mark == "%s" else mark for name in COLUMNS)
        self._insert = f"INSERT INTO usage_inbox ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608 # constants of this module
        self._lock = threading.Lock()
        self._entries: deque[_Entry] = deque()
        self._connection: Any = None

    def append(self, row: NewRow) -> None:
        """Raises OperationalError where the database did not take it."""
        entry = _Entry(row)
        self._entries.append(entry)
        with self._lock:
            if entry.open:
                self._write([self._entries.popleft() for _ in range(len(self._entries))])
        if entry.failure is not None:
            raise entry.failure

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _write(self, entries: list[_Entry]) -> None:
        try:
            self._commit([self._values(entry.row) for entry in entries])
        except self._engine.dialect.loaded_dbapi.Error as failure:
            self._drop()
            for entry in entries:
                entry.failure = OperationalError(self._insert, None, failure)
        finally:
            for entry in entries:
                entry.open = False

    def _commit(self, rows: list[tuple[Any, ...]]) -> None:
        cursor = self._connected().cursor()
        if len(rows) == 1:
            cursor.execute(self._insert, rows[0])
        elif self._is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany(self._insert, rows)
            cursor.execute("COMMIT")
        else:
            # One implicit transaction, one way there and back.
            cursor.executemany(self._insert, rows)

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
