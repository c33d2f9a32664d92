"""Bytes an event takes, of everything that is kept: python -m tests.benchmarks.usage.storage

A skewed history of 60 days, folded as it comes; then sealed, its hashes forgotten, its log packed.
Message ids are random (UUID), as clients send them: 16 bytes that nothing makes smaller.
"""

import json
import sys
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import LargeBinary, func, select

from portal.db import Base, Database
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.compaction import compact
from portal.usage.fold import fold_pending
from portal.usage.sealing import KNOWN_FOR, seal
from portal.usage.wire import check_request
from tests.benchmarks.usage.history import BATCH, History, requests
from tests.benchmarks.usage.written_history import make_accounts
from tests.databases import make_tables

EVENTS, ACCOUNTS, DAYS = 200_000, 200, 60
ROLLUPS = ("usage_day", "usage_name_day", "usage_sealed", "usage_person")
GROUPS = {
    "log": ("usage_log",),
    "rollups": ROLLUPS,
    "hashes": ("usage_seen",),
    "everything": ("usage_log", *ROLLUPS, "usage_seen"),
}


def main() -> int:
    made = History(ACCOUNTS, EVENTS, DAYS)
    now = datetime.combine(made.last, datetime.min.time(), UTC) + timedelta(days=2)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'storage.db'}"
        make_tables(url)
        database = Database(url)
        make_accounts(database, made, now)
        for body in _realistic(made):
            accept(database, check_request(body, "batch"), now)
        fold_pending(database, now)
        _print(database, now, "hot")
        later = now + timedelta(days=KNOWN_FOR + 1)
        compact(database, later)
        seal(database, later)
        _print(database, now, "old")
        database.dispose()
    return 0


def _realistic(made: History) -> Iterator[bytes]:
    """The requests with ids as client libraries make them."""
    source = Random(3)
    for body in islice(requests(made), EVENTS // BATCH):
        read: dict[str, Any] = json.loads(body)
        for message in read["batch"]:
            message["messageId"] = str(uuid.UUID(int=source.getrandbits(128), version=4))
        yield json.dumps(read).encode()


def _print(database: Database, now: datetime, state: str) -> None:
    with database.session(system_scope(now, "benchmark")) as session:
        sizes = {name: _size(session, name) for name in GROUPS["everything"]}
    for group, tables in GROUPS.items():
        took = sum(sizes[name] for name in tables) / EVENTS
        sys.stdout.write(f"{state:4} {group:11} {took:6.1f} bytes an event\n")


def _size(session: Any, name: str) -> int:
    """Of the blobs, and eight bytes for each other column."""
    table = Base.metadata.tables[name]
    blobs = [column for column in table.c if isinstance(column.type, LargeBinary)]
    sizes = [func.coalesce(func.sum(func.length(column)), 0) for column in blobs]
    rows, *found = session.execute(select(func.count(), *sizes).select_from(table)).one()
    return int(rows) * 8 * (len(table.c) - len(blobs)) + sum(map(int, found))


if __name__ == "__main__":
    sys.exit(main())
