"""Imports a folder of usage data and compares every figure with its true answers.

python -m tests.benchmarks.usage.exactness --data DIR [--database URL] [--shuffle SEED]
    [--pieces N] [--threads N] [--twice] [--kills N] [--seal]
    [--url http://127.0.0.1:8000 --write-key KEY --api-key KEY [--pause SECONDS]]

With --url the events go over HTTP to a running server of the same migrated database, in batches of
100, and the figures come from its API. With --kills workers fold meanwhile and are killed in the
midst of it; --pause between the batches of a thread makes that last long enough. It fails where no
kill hit a fold after others had moved on.

DIR holds accounts.csv, people.csv, features.csv, entitlements.csv, events.jsonl.gz and truth.json
(account → day → figures). Integers must agree exactly, ratios to 1e-6. Weekly cohorts, lifecycle,
time online by day and person, and teams are compared with a count of the bare events
(drilldown.py).
"""

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from portal.db import Database
from portal.migrate import migrate
from portal.services import imports
from portal.services.adoption import show_adoption
from portal.services.ingest import accept_lines
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from portal.usage.sealing import seal
from tests.benchmarks.usage.drilldown import compare_drilldown, read_known, with_teams
from tests.benchmarks.usage.killing import killed_workers

CLOSE = 1e-6
A_BATCH = 100


def now() -> datetime:
    return datetime.now(UTC)


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(options.database or f"sqlite:///{folder}/paceline.db")
        if not options.url:
            migrate(database)
        import_lists(database, options.data)
        lines = _lines(options)
        began = time.perf_counter()
        with killed_workers(database, options.kills) as kills:
            for _ in range(2 if options.twice else 1):
                import_events(_sender(database, options), lines, options)
        print(fold_pending(database, now()))
        seconds = time.perf_counter() - began
        if options.seal:
            print(seal(database, now()))
        checked, wrong = compare_all(_reader(database, options), options.data)
        more, differing = compare_more(database, options.data)
        database.dispose()
    for one in wrong[:20]:
        print(one)
    print(kills)
    rate = len(lines) / seconds
    print(f"{checked} figures compared, {len(wrong)} wrong; {rate:,.0f} events/s import and fold")
    print(f"{sum(more.values())} of cohorts, moves, time online and teams, {len(differing)} wrong")
    print(dict(more), *differing[:20], sep="\n")
    good = checked and more.total() and not wrong and not differing
    return 0 if good and not kills.proves_nothing else 1


def _options() -> Any:
    parser = argparse.ArgumentParser(description="Compare the usage engine with true answers.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database", default="", help="SQLAlchemy address of an empty database")
    parser.add_argument("--shuffle", type=int, help="seed")
    parser.add_argument("--pieces", type=int, default=1, help="each is folded when it has come")
    parser.add_argument("--threads", type=int, default=1, help="how many send pieces at a time")
    parser.add_argument("--kills", type=int, default=0, help="workers killed in a fold meanwhile")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two batches")
    parser.add_argument("--url", default="", help="send and read over HTTP")
    parser.add_argument("--write-key", default="")
    parser.add_argument("--api-key", default="")
    parser.add_argument("--seal", action="store_true", help="seal old days before comparing")
    parser.add_argument("--twice", action="store_true", help="import the events twice")
    return parser.parse_args()


def import_lists(database: Database, folder: Path) -> None:
    for noun in ("accounts", "people", "features", "entitlements"):
        with database.session(system_scope(now(), "exactness"), writes=True) as session:
            given = (folder / f"{noun}.csv").read_bytes()
            given = with_teams(given) if noun == "people" else given
            print(getattr(imports, f"import_{noun}")(session, given))


def _lines(options: Any) -> list[bytes]:
    with gzip.open(options.data / "events.jsonl.gz") as source:
        lines = list(source)
    if options.shuffle is not None:
        random.Random(options.shuffle).shuffle(lines)
    return lines


def _sender(database: Database, options: Any) -> Callable[[list[bytes]], int]:
    """Sends lines and returns how many were refused."""

    def by_service(lines: list[bytes]) -> int:
        with database.session(system_scope(now(), "exactness"), writes=True) as session:
            receipts = list(accept_lines(session, lines))
        fold_pending(database, now())
        return sum(receipt.refused for receipt in receipts)

    def by_http(lines: list[bytes]) -> int:
        for start in range(0, len(lines), A_BATCH):
            body = b'{"batch":[' + b",".join(lines[start : start + A_BATCH]) + b"]}"
            headers = {"Authorization": f"Basic {_basic(options.write_key)}"}
            assert _ask(f"{options.url}/v1/batch", headers, body) == {"success": True}
            time.sleep(options.pause)
        return 0

    return by_http if options.url else by_service


def _reader(database: Database, options: Any) -> Callable[[str, str], dict[str, Any]]:
    """The figures of an account on a day."""

    def by_service(account: str, day: str) -> dict[str, Any]:
        with database.session(system_scope(now(), "exactness")) as session:
            return show_adoption(session, account, date.fromisoformat(day)).as_json()

    def by_http(account: str, day: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {options.api_key}"}
        return _ask(f"{options.url}/api/v1/accounts/{account}/adoption?as_of={day}", headers)

    return by_http if options.url else by_service


def _basic(key: str) -> str:
    return b64encode(f"{key}:".encode()).decode()


def _ask(url: str, headers: dict[str, str], body: bytes | None = None) -> dict[str, Any]:
    with urlopen(Request(url, data=body, headers=headers)) as answer:  # noqa: S310 # our own server
        read: dict[str, Any] = json.loads(answer.read())
    return read


def import_events(send: Callable[[list[bytes]], int], lines: list[bytes], options: Any) -> None:
    pieces = [lines[start :: options.pieces] for start in range(options.pieces)]
    with ThreadPoolExecutor(options.threads) as pool:
        refused = sum(pool.map(send, pieces))
    print(f"{options.pieces} pieces from {options.threads} threads, refused {refused}")


def compare_all(read: Callable[[str, str], dict[str, Any]], folder: Path) -> tuple[int, list[str]]:
    truth = json.loads((folder / "truth.json").read_text())
    checked, wrong = 0, []
    for account, days in truth.items():
        for day, expected in days.items():
            shown = read(account, day)
            for path, want, got in _pairs(expected, shown, f"{account} {day}"):
                checked += 1
                if not _agree(want, got):
                    wrong.append(f"{path}: {got} instead of {want}")
    return checked, wrong


def compare_more(database: Database, folder: Path) -> tuple[Counter[str], list[str]]:
    """By kind how many were compared; and what differs."""
    truth = json.loads((folder / "truth.json").read_text())
    known = read_known(folder)
    checked, wrong = Counter[str](), []
    with database.session(system_scope(now(), "exactness")) as session:
        for account, days in truth.items():
            for day in map(date.fromisoformat, days):
                for what, want, got in compare_drilldown(session, account, known[account], day):
                    checked[what.partition(" ")[0]] += 1
                    if not _agree(want, got):
                        wrong.append(f"{account} {day} {what}: {got} instead of {want}")
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
