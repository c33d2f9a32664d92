"""How fast accepted requests become figures, from JSON on, by SQLite and PostgreSQL in turn.

python -m tests.benchmarks.usage.folding --data DIR [--copies 8] [--rounds 3]

In an empty portal: the real usage of DIR (accounts.csv, events.jsonl.gz), which lies in no order;
its copies are of other accounts. Both engines take turns, so that what else the machine does
meets both; printed are the best rates, their ratio, and the memory of the folding process.

python -m tests.benchmarks.usage.folding --keep FOLDER [--events 1000000 100000000] [--data DIR]

On top of histories of these sizes (kept.py, made where FOLDER does not hold them): the same
requests each time, about `--folded` events of the days that follow, of all 10,000 accounts; with
--data also the real usage. Printed beside: the rate after the longest history as a share of that
after the shortest. What is measured is the fold alone, not the history's writing: a portal that
has grown to that size, sealed as it goes, holds the same rows.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from portal.db import Database
from portal.models import Account
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from portal.usage.wire import check_request
from tests.benchmarks.usage.bodies import copied_key, next_bodies, real_bodies
from tests.benchmarks.usage.both_engines import Place, both_engines
from tests.benchmarks.usage.kept import folder_of, keep
from tests.benchmarks.usage.synthetic import ACCOUNTS

SIZES = [1_000_000, 100_000_000]


@dataclass(frozen=True)
class Figures:
    """Events a second by the wall's clock, and by the processors' time of the process and of its
    server's: what counts where the machine does other things too. `size` in MB.
    """

    events: int
    rate: float
    worked: float
    size: int


def main() -> int:
    options = _options()
    if options.fold:
        return _fold(options.fold)
    with (
        tempfile.TemporaryDirectory(dir=options.scratch) as scratch,
        both_engines(Path(scratch)) as places,
    ):
        chosen = [one for one in places if options.engine in ("", one.name.lower())]
        if options.keep:
            _after_histories(chosen, options)
        else:
            _in_empty_portals(chosen, options)
    return 0


def _options() -> Any:
    parser = argparse.ArgumentParser(description="Measure folding.")
    parser.add_argument("--data", type=Path, help="folder of real usage")
    parser.add_argument("--copies", type=int, default=8, help="of the real usage")
    parser.add_argument("--rounds", type=int, default=3, help="the best of them counts")
    parser.add_argument("--keep", type=Path, help="folder of kept histories")
    parser.add_argument("--events", type=int, nargs="+", default=SIZES, help="of the histories")
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="only the N largest")
    parser.add_argument("--folded", type=int, default=1_000_000, help="events on top of them")
    parser.add_argument("--engine", default="", choices=["", "sqlite", "postgresql"])
    parser.add_argument("--scratch", type=Path, help="where databases are made meanwhile")
    parser.add_argument("--fold", help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_empty_portals(places: Sequence[Place], options: Any) -> None:
    bodies = list(real_bodies(options.data, options.copies))
    sources = {}
    for place in places:
        url = place.empty()
        _make_accounts(url, options)
        sources[place.name] = _send(url, bodies)
    found = _take_turns([(place.name, place, sources[place.name]) for place in places], options)
    for name, figures in found.items():
        _print(f"real usage, {name}", figures)
    if len(found) > 1:
        first, second = found.values()
        print(
            f"SQLite / PostgreSQL {first.rate / second.rate:.2f}, by work "
            f"{first.worked / second.worked:.2f}"
        )


def _after_histories(places: Sequence[Place], options: Any) -> None:
    kinds = {"following days": list(next_bodies(options.folded, options.accounts))}
    if options.data:
        kinds["real usage"] = list(real_bodies(options.data, options.copies))
    accounts = options.accounts
    files = {
        events: keep(folder_of(options.keep, events, accounts), events, accounts)
        for events in options.events
    }
    for place in places:
        for kind, bodies in kinds.items():
            _print_ageing(place, kind, bodies, files, options)


def _print_ageing(
    place: Place, kind: str, bodies: Sequence[bytes], files: dict[int, Path], options: Any
) -> None:
    sources = []
    for events, file in files.items():
        url = place.filled(file)
        if options.data:
            _make_accounts(url, options)
        sources.append((f"{events:,}", place, _send(url, bodies)))
    found = _take_turns(sources, options)
    for after, figures in found.items():
        _print(f"{kind} after {after} events, {place.name}", figures)
    first, *_, last = found.values()
    print(
        f"{place.name}: last / first {last.rate / first.rate:.2f}, by work "
        f"{last.worked / first.worked:.2f}",
        flush=True,
    )
    for _, _, url in sources:
        place.drop(url)


def _take_turns(sources: Sequence[tuple[str, Place, str]], options: Any) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for _ in range(options.rounds):
        for name, place, url in sources:
            copy = place.copy(url)
            figures = _measure(copy)
            place.drop(copy)
            known = found.get(name, figures)
            best = max(figures.rate, known.rate), max(figures.worked, known.worked)
            found[name] = Figures(figures.events, *best, max(figures.size, known.size))
    return found


def _print(title: str, found: Figures) -> None:
    print(
        f"{title}: {found.events:,} events at {found.rate:,.0f}/s, {found.worked:,.0f} a second of "
        f"work, {found.size} MB",
        flush=True,
    )


def _make_accounts(url: str, options: Any) -> None:
    now, database = datetime.now(UTC), Database(url)
    with (options.data / "accounts.csv").open() as source:
        known = list(csv.DictReader(source))
    rows = [
        {
            "key": copied_key(row["key"], number),
            "name": row["name"],
            "time_zone": row["time_zone"],
            "created_at": now,
        }
        for number in range(options.copies)
        for row in known
    ]
    with database.session(system_scope(now, "benchmark"), writes=True) as session:
        _count_on(session)
        session.execute(insert(Account), rows)
        session.commit()
    database.dispose()


def _count_on(session: Any) -> None:
    """Accounts copied with their numbers have left PostgreSQL's counter behind."""
    if session.get_bind().dialect.name == "postgresql":
        last = session.scalar(select(func.max(Account.id))) or 0
        session.execute(select(func.setval("account_id_seq", last + 1)))


def _send(url: str, bodies: Iterable[bytes]) -> str:
    database = Database(url)
    for body in bodies:
        accept(database, check_request(body, "batch"), datetime.now(UTC))
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    database.dispose()
    return url


def _measure(url: str) -> Figures:
    command = [sys.executable, "-m", "tests.benchmarks.usage.folding", "--fold", url]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return Figures(**found)


def _fold(url: str) -> int:
    database, began, began_work = (
        Database(url, pool_size=1),
        time.perf_counter(),
        time.process_time(),
    )
    events = fold_pending(database, datetime.now(UTC)).events
    seconds, work = time.perf_counter() - began, time.process_time() - began_work
    work += _server_seconds(database)
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = {"events": events, "rate": events / seconds, "worked": events / work, "size": size}
    print(json.dumps(found))
    return 0


def _server_seconds(database: Database) -> float:
    """Of the one process that serves this one's connection; SQLite has none."""
    if database.is_sqlite:
        return 0.0
    with database.engine.connect() as connection:
        number = connection.scalar(select(func.pg_backend_pid()))
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
