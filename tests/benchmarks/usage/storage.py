"""Bytes an event takes, of everything that is kept:

python -m tests.benchmarks.usage.storage [FOLDER]

Without a folder: a skewed history of 60 days, with random message ids (UUID), as clients send them;
with one: `accounts.csv` and `events.jsonl.gz` of it. Folded as it comes ("hot"); then sealed, its
log packed ("packed"); then its hashes forgotten and what counts archived ("old"). What the
archive's columns take by themselves is printed last.
"""

import json
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from sqlalchemy import LargeBinary, func, select

from portal.db import Base, Database
from portal.models import UsageArchive
from portal.services.imports import import_accounts
from portal.services.ingest import accept, accept_lines, read_lines
from portal.tenancy import system_scope
from portal.usage.archived import unpack
from portal.usage.archiving import archive
from portal.usage.blocks import LENGTH
from portal.usage.compaction import compact
from portal.usage.fold import fold_pending
from portal.usage.packing import pack
from portal.usage.sealing import KNOWN_FOR, seal
from portal.usage.wire import check_request
from tests.benchmarks.usage.history import BATCH, History, make_accounts, requests
from tests.databases import make_tables

EVENTS, ACCOUNTS, DAYS = 200_000, 200, 60
ROLLUPS = ("usage_day", "usage_name_day", "usage_sealed", "usage_person")
GROUPS = {
    "log": ("usage_log",),
    "archive": ("usage_archive",),
    "rollups": ROLLUPS,
    "hashes": ("usage_seen",),
    "everything": ("usage_log", "usage_archive", *ROLLUPS, "usage_seen"),
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'storage.db'}"
        make_tables(url)
        database = Database(url)
        fill = _fill_from(Path(sys.argv[1])) if len(sys.argv) > 1 else _fill
        now = fill(database)
        events = fold_pending(database, now).events
        _print(database, events, "hot")
        compact(database, now + timedelta(days=1))
        seal(database, now + timedelta(days=KNOWN_FOR))
        _print(database, events, "packed")
        later = now + timedelta(days=KNOWN_FOR + LENGTH + 2)
        seal(database, later)
        began = time.process_time()
        archive(database, later)
        took = time.process_time() - began
        sys.stdout.write(f"archiving: {events / took:,.0f} events a second of CPU\n")
        _print(database, events, "old")
        _print_columns(database, events)
        database.dispose()
    return 0


def _fill(database: Database) -> datetime:
    made = History(ACCOUNTS, EVENTS, DAYS)
    now = datetime.combine(made.last, datetime.min.time(), UTC) + timedelta(days=2)
    make_accounts(database, made, now)
    for body in _realistic(made):
        accept(database, check_request(body, "batch"), now)
    return now


def _fill_from(folder: Path) -> Callable[[Database], datetime]:
    def fill(database: Database) -> datetime:
        now = datetime.now(UTC)
        with database.session(system_scope(now, "benchmark"), writes=True) as session:
            import_accounts(session, (folder / "accounts.csv").read_bytes())
        with (
            (folder / "events.jsonl.gz").open("rb") as source,
            database.session(system_scope(now, "benchmark"), writes=True) as session,
        ):
            list(accept_lines(session, read_lines(source)))
        return now

    return fill


def _realistic(made: History) -> Iterator[bytes]:
    """The requests with ids as client libraries make them."""
    source = Random(3)
    for body in islice(requests(made), EVENTS // BATCH):
        read: dict[str, Any] = json.loads(body)
        for message in read["batch"]:
            message["messageId"] = str(uuid.UUID(int=source.getrandbits(128), version=4))
        yield json.dumps(read).encode()


def _print(database: Database, events: int, state: str) -> None:
    with database.session(system_scope(datetime.now(UTC), "benchmark")) as session:
        sizes = {name: _size(session, name) for name in GROUPS["everything"]}
    for group, tables in GROUPS.items():
        took = sum(sizes[name] for name in tables) / events
        sys.stdout.write(f"{state:6} {group:11} {took:6.1f} bytes an event\n")


def _print_columns(database: Database, events: int) -> None:
    """Each column compressed by itself, so about: together they take a little less."""
    took: Counter[str] = Counter()
    with database.session(system_scope(datetime.now(UTC), "benchmark")) as session:
        for body in session.scalars(select(UsageArchive.body)):
            found = unpack(body)
            took["person"] += len(pack([np.bincount(found.person)]))
            took["person ids"] += len(pack([], "".join(found.persons).encode()))
            took["moment"] += len(pack([np.abs(np.diff(found.at, prepend=found.at[:1])) // 1000]))
            took["name"] += len(pack([found.name], "".join(found.names).encode()))
            took["duration"] += len(pack([found.milliseconds]))
            for (section, key), values in found.values.items():
                took[f"{section}.{key}".strip(".")] += len(
                    pack([values.codes], b"".join(values.texts))
                )
    for name, size in took.most_common(12):
        sys.stdout.write(f"column {name:22} {size / events:6.2f} bytes an event\n")


def _size(session: Any, name: str) -> int:
    """Of the blobs, and eight bytes for each other column."""
    table = Base.metadata.tables[name]
    blobs = [column for column in table.c if isinstance(column.type, LargeBinary)]
    sizes = [func.coalesce(func.sum(func.length(column)), 0) for column in blobs]
    rows, *found = session.execute(select(func.count(), *sizes).select_from(table)).one()
    return int(rows) * 8 * (len(table.c) - len(blobs)) + sum(map(int, found))


if __name__ == "__main__":
    sys.exit(main())
