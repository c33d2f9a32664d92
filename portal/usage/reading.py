"""Stored requests read again: their good messages, and the refused ones with their reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from portal.usage import log, moments, wire
from portal.usage.conditions import NO_CONDITIONS, Conditions
from portal.usage.message import Envelope, Refused
from portal.usage.messages import Gathering, Messages
from portal.usage.quick import Source, gather_batch, gather_usual
from portal.usage.wire import EVENT_BYTES, FILE, Refusal, read_checked, refusal_of

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
class Readings:
    """`good` holds the positions of rows with at least one good message; `refused` stands with
    the row that it came in.
    """

    messages: Messages
    good: set[int]
    refused: list[tuple[LogRow, Refusal]]


def read_rows(
    rows: Iterable[LogRow], own_keys: Mapping[int, str], conditions: Conditions = NO_CONDITIONS
) -> Readings:
    """`own_keys`: id → key of the accounts that the rows' write keys are bound to; a message that
    names another is refused. What meets `conditions` is counted under a name that tells so.
    """
    into = Gathering()
    refused: list[tuple[LogRow, Refusal]] = []
    good: set[int] = set()
    for index, row in enumerate(rows):
        wrong = _read_row(into, index, row, own_keys.get(row.bound_id or 0), conditions)
        if wrong.total > len(wrong.refused):
            good.add(index)
        # What was accepted once stays so; an earlier release's rules may have been wider.
        if row.kind != log.KEPT:
            refused += [(row, one) for one in wrong.refused]
    return Readings(into.messages(), good, refused)


@dataclass(slots=True)
class _Row:
    """How many messages the row held, and which of them were refused."""

    total: int
    refused: list[Refusal] = field(default_factory=list)


def _read_row(
    into: Gathering, index: int, row: LogRow, own: str | None, conditions: Conditions
) -> _Row:
    source = Source(index, FILE, moments.microseconds(row.received_at), own, EVENT_BYTES)
    if row.kind == wire.BATCH and not conditions:
        gathered = _gather_batch(into, source, row)
        if gathered:
            return _Row(gathered)
    envelope, raws = unpack(row)
    source = replace(source, envelope=envelope)
    first = len(into.columns.name)
    # Only files have empty lines.
    total = sum(map(bool, raws)) if row.kind == wire.LINES else len(raws)
    read = _Row(total)
    for place in sorted(gather_usual(into, source, raws)):
        try:
            _read_one(into, source, place, raws[place])
        except Refused as wrong:
            read.refused.append(refusal_of(raws[place], place, wrong))
    if conditions:
        conditions.mark(into, first, raws)
    return read


def _gather_batch(into: Gathering, source: Source, row: LogRow) -> int:
    """The number of its messages, if all are added; 0 where they are to be looked at."""
    try:
        return gather_batch(into, source, log.text_of(row.body))
    except log.DAMAGE:
        return 0


def _read_one(into: Gathering, source: Source, place: int, raw: Any) -> None:
    event = read_checked(raw, source.envelope, source.received)
    if source.own is not None and {event.group, event.later_group} - {"", source.own}:
        raise OTHER_ACCOUNT
    into.add(source.index, place, event)


def unpack(row: LogRow) -> tuple[Envelope, Sequence[Any]]:
    """The messages as they came, good or bad. A damaged row must not stop the rest: it goes to
    the log as it is, and is reported.
    """
    try:
        return log.unpack(row.kind, row.body)
    except log.DAMAGE:
        logger.exception("log row damaged", row=row.id)
        return FILE, []
