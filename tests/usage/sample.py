"""A small world of usage across zones, daylight saving changes and midnights, the same each time
for a seed, and the way to put it into a database.
"""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.db import Database
from portal.services import imports
from portal.services.ingest import accept
from portal.tenancy import system_scope
from portal.usage.wire import check_request

NOW = datetime(2026, 6, 1, tzinfo=UTC)
# Daylight saving begins in New York (8 March) and ends on Lord Howe (5 April, by half an hour).
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 45
ZONES = {
    "acme": "America/New_York",
    "globex": "Australia/Lord_Howe",
    "initech": "Asia/Kathmandu",
}
FEATURES = {
    # event: key, core, weekly target
    "Order Created": ("orders", True, "2"),
    "Report Run": ("reports", True, "0.5"),
    "Sync Done": ("sync", True, "40"),
    "Chat Opened": ("chat", False, "1"),
}
NAMES = [*FEATURES, "Something New"]
LEFT = date(2026, 3, 20)


@dataclass
class Sample:
    """`events` are Segment messages, some of them doubled."""

    events: list[dict[str, Any]] = field(default_factory=list)
    people: dict[str, dict[str, date | None]] = field(default_factory=dict)
    seats: dict[str, int | None] = field(default_factory=dict)


def make_sample(seed: int = 7, bursts: int = 120, begin: datetime = BEGIN) -> Sample:
    random_source = random.Random(seed)
    sample = Sample(seats={"acme": 10, "globex": 20, "initech": None})
    for account in ZONES:
        sample.people[account] = {f"{account}-{n}": LEFT if n == 3 else None for n in range(9)}
        for _ in range(bursts):
            sample.events += _burst(random_source, account, len(sample.events), begin)
    doubled = random_source.sample(sample.events, len(sample.events) // 8)
    sample.events += doubled
    random_source.shuffle(sample.events)
    return sample


def _burst(
    source: random.Random, account: str, first: int, begin: datetime
) -> list[dict[str, Any]]:
    """One person's run of events with gaps around the thirty minutes that end a session. Persons
    9 to 11 are on no list.
    """
    person = f"{account}-{source.randrange(12)}"
    at = begin + timedelta(seconds=source.randrange(DAYS * 86_400))
    made = []
    for number in range(source.randrange(1, 9)):
        made.append(
            {
                "type": source.choice(["track", "track", "track", "page"]),
                "messageId": f"m-{account}-{first + number}",
                "userId": person,
                "timestamp": at.isoformat().replace("+00:00", "Z"),
                "context": {"groupId": account},
                "properties": {
                    "channel": source.choice(["web", "web", "mobile", "api", "integration"]),
                    "integration": source.choice(["sap", "slack"]),
                    "duration_seconds": source.choice([1, 2.5, 60]),
                },
            }
        )
        name = source.choice(NAMES)
        made[-1]["event" if made[-1]["type"] == "track" else "name"] = name
        at += timedelta(seconds=source.choice([0, 20, 61, 600, 1740, 1800, 1830, 1861, 3000]))
    return made


def accounts_csv(sample: Sample) -> bytes:
    rows = [f"{key},{key.title()},{ZONES[key]},{sample.seats[key] or ''}" for key in ZONES]
    return _csv("key,name,time_zone,seats", rows)


def load_lists(database: Database, sample: Sample, *, accounts: bool = True) -> None:
    people = [
        f"{account},{person},2026-03-0{1 + number % 5},{until or ''}"
        for account, known in sample.people.items()
        for number, (person, until) in enumerate(known.items())
    ]
    features = [
        f"{key},{event},{key.title()},{'yes' if core else 'no'},{target}"
        for event, (key, core, target) in FEATURES.items()
    ]
    rights = [f"{account},{facts[0]}" for account in ZONES for facts in FEATURES.values()]
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        if accounts:
            imports.import_accounts(session, accounts_csv(sample))
        imports.import_people(session, _csv("account,external_id,active_from,active_until", people))
        imports.import_features(
            session, _csv("key,event,name_en,core,depth_target_per_week", features)
        )
        imports.import_entitlements(session, _csv("account,feature", rights))


def _csv(header: str, rows: Iterable[str]) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def send(database: Database, events: Iterable[dict[str, Any]], now: datetime = NOW) -> None:
    """One batch over the wire."""
    body = json.dumps({"batch": list(events)}).encode()
    accept(database, check_request(body, "batch"), now)


def send_all(database: Database, events: list[dict[str, Any]], pieces: int = 10) -> None:
    for piece in range(pieces):
        send(database, events[piece::pieces])
