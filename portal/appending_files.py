"""The inbox on SQLite: files of its own, so that no fold or form ever holds up the door.

Quotas are drawn from the small database beside them before the rows are written, so that they hold
over all processes; what is left of a minute's quota need not outlast a loss of power.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from portal.journal import NewRow, Writer
from portal.quota_buckets import Buckets


class FileStore:
    def __init__(self, folder: Path, quotas: Engine) -> None:
        self._writer = Writer(folder)
        self._engine = quotas
        self._buckets = Buckets("?", locks=False)
        self._connection: Any = None

    def keep(self, rows: list[NewRow]) -> dict[int, float]:
        waits = self._draw(rows) if any(row.quota for row in rows) else {}
        kept = [row for place, row in enumerate(rows) if place not in waits] if waits else rows
        if kept:
            try:
                self._writer.append(kept)
            except OSError as failure:
                raise OperationalError("append to the journal", None, failure) from failure
        return waits

    def close(self) -> None:
        self._writer.close()
        self._drop()

    def _draw(self, rows: list[NewRow]) -> dict[int, float]:
        try:
            cursor = self._connected().cursor()
            cursor.execute("BEGIN IMMEDIATE")
            waits = self._buckets.draw_all(cursor, rows)
            cursor.execute("COMMIT")
        except self._engine.dialect.loaded_dbapi.Error as failure:
            self._drop()
            raise OperationalError("draw quotas", None, failure) from failure
        return waits

    def _connected(self) -> Any:
        """The driver's connection, where each statement is a transaction of its own."""
        if self._connection is None:
            pooled = self._engine.raw_connection()
            self._connection = pooled.driver_connection
            pooled.detach()
            self._connection.execute("PRAGMA synchronous=NORMAL")
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
