"""The buckets of quotas in the inbox's database, in the transaction of who asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.domain.quotas import Bucket, Quota, draw, full
from portal.journal import NewRow

_MAKE = """
    INSERT INTO usage_quota
    (key_id, events, requests, at, refused_requests, refused_events, refused_at)
    VALUES (?, ?, ?, ?, 0, 0, NULL) ON CONFLICT (key_id) DO NOTHING
"""
_READ = "SELECT events, requests, at FROM usage_quota WHERE key_id = ?"
_WRITE = "UPDATE usage_quota SET events = ?, requests = ?, at = ? WHERE key_id = ?"
_REFUSE = """
    UPDATE usage_quota SET refused_requests = refused_requests + 1,
    refused_events = refused_events + ?, refused_at = ? WHERE key_id = ?
"""


class Buckets:
    """`mark` stands for a parameter. `locks`: rows are locked one by one, as on PostgreSQL; on
    SQLite the transaction holds the whole file already.
    """

    def __init__(self, mark: str, *, locks: bool) -> None:
        read = f"{_READ} FOR UPDATE" if locks else _READ
        self._make, self._read, self._write, self._refuse = (
            statement.replace("?", mark) for statement in (_MAKE, read, _WRITE, _REFUSE)
        )

    def draw_all(self, cursor: Any, rows: Sequence[NewRow]) -> dict[int, float]:
        """By the place of each row that is held back: the seconds to wait. Keys are drawn in a
        fixed order, so that two processes never wait for each other.
        """
        waits = {}
        for place in sorted(range(len(rows)), key=lambda place: rows[place].key_id or 0):
            row = rows[place]
            if row.quota is None or row.key_id is None:
                continue
            wait = self.draw(cursor, row.key_id, row.quota, row.messages, row.received_at)
            if wait:
                waits[place] = wait
        return waits

    def draw(self, cursor: Any, key_id: int, quota: Quota, events: int, now: datetime) -> float:
        """0 where the request was taken from the bucket, else the seconds to wait."""
        at = now.timestamp()
        new = full(quota, at)
        cursor.execute(self._make, (key_id, new.events, new.requests, at))
        known = Bucket(*cursor.execute(self._read, (key_id,)).fetchone())
        left, wait = draw(quota, known, events, at)
        if wait:
            cursor.execute(self._refuse, (events, at, key_id))
        else:
            cursor.execute(self._write, (left.events, left.requests, left.at, key_id))
        return wait
