"""How fast accepted requests become figures, early and late in a long history, on both databases,
and how many bytes of an event are kept:

python -m tests.benchmarks.usage.folding [--events N] [--accounts N] [--folded N] [--database URL]

Before the requests are folded the rollups of the days before them are written: of the last
`--early` events of the history, and of all `--events` of it. The requests are the same both times.
Without --database an SQLite file and a private PostgreSQL are used.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from portal.db import Database
from portal.models import UsageDay, UsageSealed
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.blocks import unpack_days
from portal.usage.fold import fold_pending
from portal.usage.wire import check_request
from tests.benchmarks.usage.history import BATCH, History, requests
from tests.benchmarks.usage.written_history import make_accounts, write_history
from tests.databases import make_tables
from tests.postgres import shared_server, stop_shared_server

HOT, SEALED = ("usage_day", "usage_name_day"), ("usage_sealed",)


@dataclass(frozen=True)
class Figures:
    """Events a second by the wall's clock, and of the process alone (without the database's, on a
    machine that does other things too); `size` in MB; bytes an event, hot and sealed.
    """

    rate: float
    alone: float
    size: int
    hot: float
    sealed: float


def main() -> int:
    options = _options()
    if options.fold:
        return _fold(options.fold)
    made = History(options.accounts, options.events, options.days)
    bodies = list(islice(requests(made, first=_last_days(made, options)), options.folded // BATCH))
    with _urls(options.database) as urls:
        late = {name: _measure(made, bodies, made.first, url) for name, url in urls("late")}
        early = {
            name: _measure(made, bodies, _early(made, options), url) for name, url in urls("early")
        }
    for name, found in late.items():
        print(
            f"{name}: {early[name].rate:,.0f} events/s early, {found.rate:,.0f} after "
            f"{made.events:,} ({early[name].rate / found.rate:.2f}; of the process alone "
            f"{early[name].alone:,.0f}, {found.alone:,.0f}); {found.size} MB; "
            f"bytes an event {found.hot:.1f} hot, {found.sealed:.2f} sealed"
        )
    if len(late) > 1:
        first, second = late.values()
        print(f"SQLite / PostgreSQL {first.rate / second.rate:.2f}")
    return 0


def _options() -> Any:
    parser = argparse.ArgumentParser(description="Measure folding.")
    parser.add_argument("--events", type=int, default=5_000_000, help="of the whole history")
    parser.add_argument("--early", type=int, default=500_000, help="of the short one")
    parser.add_argument("--accounts", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--folded", type=int, default=200_000, help="events in requests")
    parser.add_argument("--database", help="SQLAlchemy address of an empty, migrated database")
    parser.add_argument("--fold", help=argparse.SUPPRESS)
    return parser.parse_args()


def _last_days(made: History, options: Any) -> date:
    """The requests are of the history's end."""
    days = 2 + 6 * options.folded * made.days // (5 * made.events)
    return made.last - timedelta(days=days)


def _early(made: History, options: Any) -> date:
    return _last_days(made, options) - timedelta(days=1 + options.early * made.days // made.events)


@contextmanager
def _urls(given: str | None) -> Iterator[Any]:
    """A function that makes databases: pairs of name and address."""
    if given:
        yield lambda kind: [(given.split(":")[0], given)] if kind == "late" else []
        return
    with tempfile.TemporaryDirectory() as folder:
        server = shared_server(Path(folder))
        names = iter(range(99))

        def make(kind: str) -> list[tuple[str, str]]:
            return [
                ("SQLite", f"sqlite:///{folder}/{kind}.db"),
                ("PostgreSQL", server.create(f"folding_{next(names)}")),
            ]

        yield make
        stop_shared_server(Path(folder))


def _measure(made: History, bodies: list[bytes], since: date, url: str) -> Figures:
    make_tables(url)
    database = Database(url)
    first = datetime.fromisoformat(json.loads(bodies[0])["batch"][0]["timestamp"])
    now = datetime(made.last.year, made.last.month, made.last.day, tzinfo=UTC) + timedelta(days=2)
    ids = make_accounts(database, made, now)
    written = write_history(database, made, first.date(), now, ids, since=since)
    hot, sealed = _sizes(database, now, written)
    for body in bodies:
        accept(database, check_request(body, "batch"), now)
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    database.dispose()
    command = [sys.executable, "-m", "tests.benchmarks.usage.folding", "--fold", url]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    rates = found["events"] / found["seconds"], found["events"] / found["alone"]
    return Figures(*rates, found["size"], hot, sealed)


def _fold(url: str) -> int:
    database, began, began_alone = Database(url), time.perf_counter(), time.process_time()
    report = fold_pending(database, datetime.now(UTC))
    seconds = time.perf_counter() - began
    alone = time.process_time() - began_alone
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"events": report.events, "seconds": seconds, "alone": alone, "size": size}))
    return 0


def _sizes(database: Database, now: datetime, events: int) -> tuple[float, float]:
    with database.session(system_scope(now, "folding")) as session:
        hot = session.scalar(select(func.coalesce(func.sum(UsageDay.events), 0))) or 0
        rows = session.execute(select(UsageSealed.block, UsageSealed.days))
        sealed = sum(int(unpack_days(block, days).events.sum()) for block, days in rows)
    assert hot + sealed == events
    return (
        _bytes(database, HOT) / max(hot, 1),
        _bytes(database, SEALED) / max(sealed, 1),
    )


def _bytes(database: Database, tables: tuple[str, ...]) -> int:
    """With indexes and all."""
    if not database.is_sqlite:
        one = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
        with database.engine.connect() as connection:
            return sum(connection.execute(one, {"name": name}).scalar_one() for name in tables)
    pages = text(
        "SELECT COALESCE(SUM(pgsize), 0) FROM dbstat WHERE name IN "
        "(SELECT name FROM sqlite_master WHERE tbl_name = :name)"
    )
    with database.engine.connect() as connection:
        return sum(connection.execute(pages, {"name": name}).scalar_one() for name in tables)


if __name__ == "__main__":
    sys.exit(main())
