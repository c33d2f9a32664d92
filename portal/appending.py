"""Requests into the inbox, durable when `append` returns: the one write that every event waits for.

While one commit is under way other threads gather, and the next one takes what all of them brought.
Where it goes is a store's affair: files on SQLite (portal/appending_files.py), rows on PostgreSQL
(portal/appending_rows.py).
"""

import threading
from typing import Protocol

from sqlalchemy.exc import OperationalError

from portal.journal import NewRow

__all__ = ["Appender", "NewRow", "Store"]


# A fifth to a third less CPU a request with eight clients, and the same or more requests a second.
GATHERING_SECONDS = 0.002


class Store(Protocol):
    """Called by one thread at a time."""

    def keep(self, rows: list[NewRow]) -> dict[int, float]:
        """Keeps all rows in one commit, but for those that their key's quota holds back: by their
        place, the seconds to wait. Raises OperationalError: then none is kept for certain.
        """

    def close(self) -> None: ...


class _Group:
    """Rows of several threads on their way. `under_way` is held until they were tried, `gathering`
    until as many are there as came with the last group.
    """

    __slots__ = ("failure", "gathering", "rows", "under_way", "waits", "wanted")

    def __init__(self, wanted: int) -> None:
        self.rows: list[NewRow] = []
        self.wanted = wanted
        self.gathering = threading.Lock()
        self.gathering.acquire()
        self.waits: dict[int, float] = {}
        self.under_way = threading.Lock()
        self.under_way.acquire()
        self.failure: Exception | None = None


class Appender:
    """The store of this process; any thread may call."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._joining = threading.Lock()
        self._writing = threading.Lock()
        self._group = _Group(0)

    def append(self, row: NewRow) -> float:
        """0 where the row is kept; else its key's quota is used up, and these are the seconds to
        wait. Raises OperationalError where the store did not take it.
        """
        with self._joining:
            group = self._group
            place = len(group.rows)
            group.rows.append(row)
            if place + 1 == group.wanted:
                group.gathering.release()
        if place == 0:
            self._write_group(group)
        else:
            with group.under_way:
                pass
        if group.failure is not None:
            raise group.failure
        return group.waits.get(place, 0.0)

    def _write_group(self, group: _Group) -> None:
        """By the first of them. While another group is written, more threads join this one. Who was
        answered together comes again together: a moment's wait spares them a commit each.
        """
        try:
            with self._writing:
                if len(group.rows) < group.wanted:
                    group.gathering.acquire(timeout=GATHERING_SECONDS)
                with self._joining:
                    self._group = _Group(len(group.rows))
                group.waits = self._store.keep(group.rows)
        except OperationalError as failure:
            group.failure = failure
        finally:
            group.under_way.release()

    def close(self) -> None:
        with self._writing:
            self._store.close()
