"""Stored requests read again: their good messages, and the refused ones with their reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from portal.usage import log, moments
from portal.usage.message import Envelope, Event, Refused
from portal.usage.wire import FILE, Parsed, Refusal, parse_messages, refusal_of

logger = structlog.get_logger(__name__)
OTHER_ACCOUNT = Refused("other-account", "this key may only send for its own account")


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the inbox or the log. `replay`: the log holds its messages already."""

    id: int
    received_at: datetime
    bound_id: int | None
    key_id: int | None
    messages: int
    kind: str
    body: bytes
    replay: bool = False


@dataclass(slots=True)
class Read:
    """A message out of the log."""

    row: LogRow
    envelope: Envelope
    raw: Any
    event: Event


@dataclass(slots=True)
class Readings:
    """`refused` stands with the row that it came in."""

    reads: list[Read] = field(default_factory=list)
    refused: list[tuple[LogRow, Refusal]] = field(default_factory=list)


def read_rows(rows: Iterable[LogRow], own_keys: Mapping[int, str]) -> Readings:
    """`own_keys`: id → key of the accounts that the rows' write keys are bound to; a message that
    names another is refused.
    """
    found = Readings()
    for row in rows:
        parsed = _parse(row)
        found.refused += [(row, one) for one in parsed.refused]
        own = own_keys.get(row.bound_id) if row.bound_id is not None else None
        for raw, event, position in zip(parsed.raws, parsed.events, parsed.positions, strict=True):
            if own is not None and {event.group, event.later_group} - {"", own}:
                found.refused.append((row, refusal_of(raw, position, OTHER_ACCOUNT)))
            else:
                found.reads.append(Read(row, parsed.envelope, raw, event))
    return found


def _parse(row: LogRow) -> Parsed:
    """A damaged row must not stop the rest: it goes to the log as it is, and is reported."""
    try:
        envelope, messages = log.unpack(row.kind, row.body)
    except log.DAMAGE:
        logger.exception("log row damaged", row=row.id)
        return Parsed(FILE)
    parsed = parse_messages(envelope, messages, moments.microseconds(row.received_at))
    if row.kind == log.KEPT:
        # Accepted once already; an earlier release's rules may have been wider.
        parsed.refused.clear()
    return parsed
