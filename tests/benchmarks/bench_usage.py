"""Events accepted per second (batches of 100), against reading them and storing nothing, and how
fast they are folded: `python -m tests.benchmarks.bench_usage [--database URL] [--events N]`.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.db import Base, Database
from portal.models import Account
from portal.services.adoption import show_adoption
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from portal.usage.wire import check_request

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ACCOUNTS, PERSONS, NAMES, BATCH = 20, 100, 30, 100


def bodies(events: int) -> list[bytes]:
    """A stream as it comes from live products: three days, mostly in order."""
    source = random.Random(5)
    made = []
    for first in range(0, events, BATCH):
        begin = NOW - timedelta(days=3 * (1 - first / events))
        messages = [_message(source, first + n, begin) for n in range(BATCH)]
        made.append(json.dumps({"batch": messages, "sentAt": NOW.isoformat()}).encode())
    return made


def _message(source: random.Random, number: int, begin: datetime) -> dict[str, Any]:
    account = source.randrange(ACCOUNTS)
    at = begin + timedelta(seconds=source.randrange(60))
    return {
        "type": "track",
        "event": f"Name {source.randrange(NAMES)}",
        "messageId": f"node-next-{number:032x}",
        "userId": f"user-{account}-{source.randrange(PERSONS)}",
        "timestamp": at.isoformat().replace("+00:00", "Z"),
        "context": {
            "groupId": f"account-{account}",
            "library": {"name": "analytics-python", "version": "2.3.0"},
        },
        "properties": {"channel": source.choice(["web", "api"]), "plan": "pro", "items": 3},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="SQLAlchemy address of an empty database")
    parser.add_argument("--events", type=int, default=60_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(options.database or f"sqlite:///{folder}/paceline.db")
        Base.metadata.create_all(database.engine)
        _add_accounts(database)
        measure(database, bodies(options.events), options.events)
        database.dispose()
    return 0


def _add_accounts(database: Database) -> None:
    with database.session(system_scope(NOW, "benchmark"), writes=True) as session:
        for number in range(ACCOUNTS):
            key = f"account-{number}"
            session.add(Account(key=key, name=key, created_at=NOW))
        session.commit()


def measure(database: Database, requests: list[bytes], events: int) -> None:
    read = _seconds(lambda: [check_request(one, "batch") for one in requests])
    stored = _seconds(lambda: _accept_all(database, requests))
    folded = _seconds(lambda: fold_pending(database, NOW))
    pages = 20
    with database.session(system_scope(NOW, "benchmark")) as session:
        show_adoption(session, "account-1", date(2026, 5, 31))
        shown = _seconds(
            lambda: [show_adoption(session, "account-1", date(2026, 5, 31)) for _ in range(pages)]
        )
    print(
        f"accepted {events / stored:,.0f} events/s in batches of {BATCH}, "
        f"{read / stored:.2f} of reading them and storing nothing ({events / read:,.0f}/s); "
        f"folded {events / folded:,.0f} events/s; adoption {1000 * shown / pages:.1f} ms"
    )


def _accept_all(database: Database, requests: list[bytes]) -> None:
    for body in requests:
        accept(database, check_request(body, "batch"), NOW)


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
