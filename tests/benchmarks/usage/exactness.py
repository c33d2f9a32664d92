"""Imports a folder of usage data and compares every figure with its true answers.

python -m tests.benchmarks.usage.exactness --data DIR [--database URL] [--shuffle SEED]
    [--pieces N] [--threads N] [--twice] [--kills N]

DIR holds accounts.csv, people.csv, features.csv, entitlements.csv, events.jsonl.gz and truth.json
(account → day → figures). Integers must agree exactly, ratios to 1e-6.
"""

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

from portal.db import Base, Database
from portal.services import imports
from portal.services.adoption import show_adoption
from portal.services.ingest import accept_lines
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending

CLOSE = 1e-6


def now() -> datetime:
    return datetime.now(UTC)


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(options.database or f"sqlite:///{folder}/paceline.db")
        Base.metadata.create_all(database.engine)
        import_lists(database, options.data)
        lines = _lines(options)
        began = time.perf_counter()
        with killed_folders(database, options.kills):
            for _ in range(2 if options.twice else 1):
                import_events(database, lines, options.pieces, options.threads)
        print(fold_pending(database, now()))
        seconds = time.perf_counter() - began
        checked, wrong = compare_all(database, options.data)
        database.dispose()
    for one in wrong[:20]:
        print(one)
    rate = len(lines) / seconds
    print(f"{checked} figures compared, {len(wrong)} wrong; {rate:,.0f} events/s import and fold")
    return 1 if wrong or not checked else 0


def _options() -> Any:
    parser = argparse.ArgumentParser(description="Compare the usage engine with true answers.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database", default="", help="SQLAlchemy address of an empty database")
    parser.add_argument("--shuffle", type=int, help="seed")
    parser.add_argument("--pieces", type=int, default=1, help="each is folded when it has come")
    parser.add_argument("--threads", type=int, default=1, help="how many send pieces at a time")
    parser.add_argument("--kills", type=int, default=0, help="folders killed meanwhile")
    parser.add_argument("--twice", action="store_true", help="import the events twice")
    return parser.parse_args()


def import_lists(database: Database, folder: Path) -> None:
    for noun in ("accounts", "people", "features", "entitlements"):
        with database.session(system_scope(now(), "exactness"), writes=True) as session:
            report = getattr(imports, f"import_{noun}")(
                session, (folder / f"{noun}.csv").read_bytes()
            )
            print(report)


def _lines(options: Any) -> list[bytes]:
    with gzip.open(options.data / "events.jsonl.gz") as source:
        lines = list(source)
    if options.shuffle is not None:
        random.Random(options.shuffle).shuffle(lines)
    return lines


def import_events(
    database: Database, lines: list[bytes], pieces: int = 1, threads: int = 1
) -> None:
    def send(piece: int) -> int:
        with database.session(system_scope(now(), "exactness"), writes=True) as session:
            receipts = list(accept_lines(session, lines[piece::pieces]))
        fold_pending(database, now())
        return sum(receipt.refused for receipt in receipts)

    with ThreadPoolExecutor(threads) as pool:
        refused = sum(pool.map(send, range(pieces)))
    print(f"{pieces} pieces from {threads} threads, refused {refused}")


@contextmanager
def killed_folders(database: Database, kills: int) -> Iterator[None]:
    """Meanwhile folding processes are started and killed, one after the other."""
    done = Event()

    def run() -> None:
        for _ in range(kills):
            command = [sys.executable, "-m", "tests.usage.folding_process", database.url]
            folder = subprocess.Popen(command)
            done.wait(1.5 + random.random())
            folder.kill()
            folder.wait()

    killer = Thread(target=run)
    killer.start()
    yield
    killer.join()


def compare_all(database: Database, folder: Path) -> tuple[int, list[str]]:
    truth = json.loads((folder / "truth.json").read_text())
    checked, wrong = 0, []
    with database.session(system_scope(now(), "exactness")) as session:
        for account, days in truth.items():
            for day, expected in days.items():
                shown = show_adoption(session, account, date.fromisoformat(day)).as_json()
                for path, want, got in _pairs(expected, shown, f"{account} {day}"):
                    checked += 1
                    if not _agree(want, got):
                        wrong.append(f"{path}: {got} instead of {want}")
    return checked, wrong


def _pairs(expected: Any, shown: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from _pairs(value, shown.get(key), f"{path} {key}")
    elif isinstance(expected, list):
        yield f"{path} length", len(expected), len(shown)
        for index, (one, other) in enumerate(zip(expected, shown, strict=False)):
            yield from _pairs(one, other, f"{path} {index}")
    else:
        yield path, expected, shown


def _agree(want: Any, got: Any) -> bool:
    if isinstance(want, float):
        return isinstance(got, int | float) and abs(want - got) <= CLOSE
    return bool(want == got)


if __name__ == "__main__":
    sys.exit(main())
