"""Bodies of `/v1/batch`, a hundred messages each: of a folder's real usage, and of the days that
follow on a made-up history.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.benchmarks.usage.synthetic import (
    ACCOUNTS,
    DAY_SECONDS,
    LAST,
    History,
    history,
    sizes,
)

BATCH = 100
# The made-up history ends on a Sunday: its next days are Monday to Wednesday.
NEXT_DAYS = 3
MIDNIGHT = datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC) + timedelta(days=1)


def real_bodies(folder: Path, copies: int) -> Iterator[bytes]:
    """Of events.jsonl.gz, in its order; each copy is of other accounts and other messages."""
    with gzip.open(folder / "events.jsonl.gz") as source:
        lines = [line.rstrip() for line in source]
    for number in range(copies):
        mark = f"{number}~".encode()
        for start in range(0, len(lines), BATCH):
            some = b",".join(lines[start : start + BATCH])
            some = some.replace(b'"messageId":"', b'"messageId":"' + mark)
            yield b'{"batch":[' + some.replace(b'"groupId":"', b'"groupId":"' + mark) + b"]}"


def copied_key(key: str, number: int) -> str:
    """Of an account of the folder, in a copy."""
    return f"{number}~{key}"


def next_bodies(events: int, accounts: int = ACCOUNTS) -> Iterator[bytes]:
    """About so many events of all accounts of the history, as large as they are there, in the order
    of their times; or those of them that are of the largest accounts.
    """
    chosen = sizes(events)[:accounts].tolist()
    return bodies_of([_next(rank, size) for rank, size in enumerate(chosen, 1)], MIDNIGHT)


def _next(rank: int, size: int) -> History:
    found = history(rank, size, np.random.default_rng([11, rank]))
    return replace(found, days=found.days % NEXT_DAYS)


def bodies_of(units: Sequence[History], midnight: datetime) -> Iterator[bytes]:
    """All events of these accounts, in the order of their times; their days begin there."""
    of_unit = np.repeat(np.arange(len(units)), [unit.size for unit in units])
    places = np.concatenate([np.arange(unit.size) for unit in units])
    stamps = np.concatenate([unit.days * DAY_SECONDS + unit.seconds for unit in units])
    order = np.argsort(stamps, kind="stable")
    for begin in range(0, order.size, BATCH):
        some = order[begin : begin + BATCH]
        pairs = zip(of_unit[some].tolist(), places[some].tolist(), strict=True)
        batch = [
            _message(units[unit], place, begin + number, midnight)
            for number, (unit, place) in enumerate(pairs)
        ]
        yield json.dumps({"batch": batch}).encode()


def _message(unit: History, place: int, number: int, midnight: datetime) -> dict[str, object]:
    seconds = int(unit.days[place]) * DAY_SECONDS + int(unit.seconds[place])
    at = midnight + timedelta(seconds=seconds)
    integration = int(unit.integrations[place])
    channel = "web" if integration < 0 else "integration"
    said = {} if integration < 0 else {"integration": f"integration-{integration}"}
    return {
        "type": "track",
        "messageId": f"made-{number:x}",
        "userId": f"user-{unit.who[place]}",
        "event": f"Name {unit.names[place]}",
        "timestamp": at.isoformat().replace("+00:00", "Z"),
        "context": {
            "groupId": f"account-{unit.account}",
            "library": {"name": "analytics-python", "version": "2.3.0"},
        },
        "properties": {"channel": channel, **said},
    }
