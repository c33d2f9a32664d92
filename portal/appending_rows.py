"""The inbox on PostgreSQL: rows of a table.

It speaks to libpq: what SQLAlchemy, and then the driver's cursor, do for a statement costs more
here than the statement. A group is one prepared INSERT with as many rows: one way there and back.
"""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import pq
from psycopg.errors import error_from_result
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from portal.journal import NewRow
from portal.quota_buckets import Buckets

COLUMNS = ("received_at", "bound_id", "key_id", "messages", "kind", "body")
# The same in pg_type's numbers: timestamptz, int8, int8, int4, text, bytea.
TYPES = (1184, 20, 20, 23, 25, 17)
# A group of more rows is written in several commits.
MOST_ROWS = 32
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LONG, INTEGER = struct.Struct("!q"), struct.Struct("!i")


class RowStore:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._buckets = Buckets("%s", locks=True)
        self._connection: Any = None
        self._prepared: set[int] = set()

    def keep(self, rows: list[NewRow]) -> dict[int, float]:
        try:
            if any(row.quota for row in rows):
                return self._keep_within_quotas(rows)
            self._insert(rows)
        except self._engine.dialect.loaded_dbapi.Error as failure:
            self.close()
            raise OperationalError("INSERT INTO usage_inbox", None, failure) from failure
        return {}

    def close(self) -> None:
        self._prepared.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _keep_within_quotas(self, rows: list[NewRow]) -> dict[int, float]:
        """Drawn in the commit that keeps the rows."""
        cursor = self._connected().cursor()
        cursor.execute("BEGIN")
        waits = self._buckets.draw_all(cursor, rows)
        self._insert([row for place, row in enumerate(rows) if place not in waits])
        cursor.execute("COMMIT")
        return waits

    def _insert(self, rows: Sequence[NewRow]) -> None:
        connection = self._connected()
        for first in range(0, len(rows), MOST_ROWS):
            some = rows[first : first + MOST_ROWS]
            name = self._statement(connection, len(some))
            values = [value for row in some for value in _values(row)]
            formats = [pq.Format.BINARY] * len(values)
            _check(connection.pgconn.exec_prepared(name, values, formats))

    def _statement(self, connection: Any, count: int) -> bytes:
        """The name of the one that takes so many rows."""
        name = b"keep_%d" % count
        if count not in self._prepared:
            width = len(COLUMNS)
            rows = ", ".join(
                f"({', '.join(f'${row * width + place}' for place in range(1, width + 1))}, false)"
                for row in range(count)
            )
            text = f"INSERT INTO usage_inbox ({', '.join(COLUMNS)}, replay) VALUES {rows}"  # noqa: S608 # constants of this module
            _check(connection.pgconn.prepare(name, text.encode(), TYPES * count))
            self._prepared.add(count)
        return name

    def _connected(self) -> Any:
        """The driver's connection, where each statement is a transaction of its own."""
        if self._connection is None:
            pooled = self._engine.raw_connection()
            self._connection = pooled.driver_connection
            pooled.detach()
            self._connection.autocommit = True
        return self._connection


def _values(row: NewRow) -> tuple[bytes | None, ...]:
    """In PostgreSQL's binary form."""
    return (
        LONG.pack((row.received_at - EPOCH) // MICROSECOND),
        None if row.bound_id is None else LONG.pack(row.bound_id),
        None if row.key_id is None else LONG.pack(row.key_id),
        INTEGER.pack(row.messages),
        row.kind.encode(),
        row.body,
    )


def _check(result: Any) -> None:
    """Raises the driver's error."""
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise error_from_result(result, encoding="utf-8")
