"""Requests as clients send them, read at a fixed moment."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.usage import log
from portal.usage.moments import microseconds
from portal.usage.wire import (
    Parsed,
    check_request,
    parse_messages,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "type": "track",
    "event": "Order Created",
    "messageId": "m-1",
    "userId": "u-1",
    "timestamp": "2026-05-31T08:00:00.250Z",
}


def batch(*messages: Any, **more: Any) -> bytes:
    return json.dumps({"batch": messages, **more}).encode()


def parse(body: bytes, kind: str = "batch", now: datetime = NOW) -> Parsed:
    """As the fold reads what the door took and kept."""
    stored = log.compressed(check_request(body, kind).body)
    return parse_messages(*log.unpack(kind, stored), microseconds(now))


def reasons(*messages: Any) -> list[str]:
    return [one.reason for one in parse(batch(*messages)).refused]


def at(parsed: Parsed, place: int = 0) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=parsed.events[place].at)
