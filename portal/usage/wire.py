"""Segment's wire format: a request's body in, checked messages out. Nothing is stored here.

One bad message does not sink the others: it is listed in `Parsed.refused`. What cannot be read
at all raises DomainError (400), what is too big TooLarge (413).
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from portal.domain.errors import DomainError, TooLarge
from portal.usage import moments
from portal.usage.message import Envelope, Event, Refused, read_message, sent_moment

EVENT_BYTES = 32 * 1024
BATCH_BYTES = 500 * 1024
MOST_MESSAGES = 10_000
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
SAMPLE_CHARACTERS = 300
NO_JSON = "The body is not valid JSON."


@dataclass(slots=True)
class Refusal:
    """A message that was not taken; `position` counts from 0 (in a file: the line, from 1)."""

    position: int
    reason: str
    detail: str
    sample: str


@dataclass(slots=True)
class Parsed:
    """A request as it was understood. `key` is what it gave as `writeKey` or `api_key`."""

    envelope: Envelope
    raws: list[Any] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    key: str = ""


class _Batch(msgspec.Struct, gc=False):
    batch: list[msgspec.Raw]
    sent_at: Any = msgspec.field(default=None, name="sentAt")
    context: Any = None
    write_key: Any = msgspec.field(default=None, name="writeKey")
    api_key: Any = None


class _Single(msgspec.Struct, gc=False):
    sent_at: Any = msgspec.field(default=None, name="sentAt")
    write_key: Any = msgspec.field(default=None, name="writeKey")
    api_key: Any = None


_batches = msgspec.json.Decoder(_Batch)
_singles = msgspec.json.Decoder(_Single)


def parse_request(body: bytes, *, kind: str, now: datetime) -> Parsed:
    """Reads the body of `/v1/<kind>`: "batch", or one of track, identify, group, page, screen,
    alias. Gzip is known by its first bytes, whatever the headers say. `now` is when it came.

    Raises DomainError 400 (no JSON, truncated gzip), TooLarge 413 (more than 500 KiB unpacked, or
    one message of more than 32 KiB).
    """
    text = unpacked(body)
    return _parse_batch(text, now) if kind == "batch" else _parse_single(text, kind, now)


def parse_lines(lines: Sequence[bytes], *, first: int, now: datetime) -> Parsed:
    """Lines of a file, one message each. `first` is the number of the first line; empty lines
    are passed over; refusals carry their line. Times are taken as they stand.
    """
    parsed = Parsed(Envelope(live=False))
    received = moments.microseconds(now)
    for number, line in enumerate(lines, first):
        text = line.strip().removeprefix(BOM)
        if text:
            _take(parsed, text, number, received)
    return parsed


def unpacked(body: bytes) -> bytes:
    """The UTF-8 text of the body, without byte order mark."""
    text = _inflate(body) if body.startswith(GZIP) else body
    if len(text) > BATCH_BYTES:
        raise TooLarge(f"A request may hold at most {BATCH_BYTES // 1024} KiB.")
    try:
        text.decode()
    except UnicodeDecodeError:
        raise DomainError("The body is not UTF-8.", code="invalid-json") from None
    return text.removeprefix(BOM)


def _inflate(body: bytes) -> bytes:
    """Stops at the limit, so that a few bytes cannot become gigabytes."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        text = inflater.decompress(body, BATCH_BYTES + 1)
    except zlib.error:
        raise DomainError("The gzip data is damaged.", code="invalid-gzip") from None
    if len(text) <= BATCH_BYTES and not inflater.eof:
        raise DomainError("The gzip data ends too early.", code="invalid-gzip")
    return text


def _parse_batch(text: bytes, now: datetime) -> Parsed:
    batch: _Batch = _read(_batches, text, 'The body must be a JSON object with a list "batch".')
    if len(batch.batch) > MOST_MESSAGES:
        raise TooLarge(f"A batch may hold at most {MOST_MESSAGES} messages.")
    group = batch.context.get("groupId") if isinstance(batch.context, dict) else None
    envelope = Envelope(group=_short(group), sent_at=sent_moment(batch.sent_at))
    parsed = Parsed(envelope, key=_short(batch.write_key) or _short(batch.api_key))
    received = moments.microseconds(now)
    for position, raw in enumerate(batch.batch):
        _take(parsed, raw, position, received)
    return parsed


def _parse_single(text: bytes, kind: str, now: datetime) -> Parsed:
    single: _Single = _read(_singles, text, "The body must be a JSON object.")
    if len(text) > EVENT_BYTES:
        raise TooLarge(f"A message may hold at most {EVENT_BYTES // 1024} KiB.")
    envelope = Envelope(kind=kind, sent_at=sent_moment(single.sent_at))
    parsed = Parsed(envelope, key=_short(single.write_key) or _short(single.api_key))
    _take(parsed, text, 0, moments.microseconds(now))
    return parsed


def _read(decoder: Any, text: bytes, expected: str) -> Any:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError:
        raise DomainError(expected, code="invalid-json") from None
    except msgspec.DecodeError:
        mended = _mended(text)
        if mended == text:
            raise DomainError(NO_JSON, code="invalid-json") from None
        return _read(decoder, mended, expected)
    except RecursionError:
        raise DomainError(NO_JSON, code="invalid-json") from None


def _mended(text: bytes) -> bytes:
    """The same JSON with half characters replaced (a browser that cuts a text within an emoji
    sends one) and NaN emptied (Python sends it): neither must sink the batch.
    """
    try:
        read = json.loads(text, parse_constant=lambda _constant: None)
    except (ValueError, RecursionError):
        return text
    return json.dumps(read, ensure_ascii=False).encode(errors="replace")


def _short(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""


def _take(parsed: Parsed, raw: Any, position: int, received: int) -> None:
    try:
        _check_size(raw)
        event = read_message(raw, parsed.envelope, received)
    except Refused as wrong:
        refuse(parsed, raw, position, wrong)
        return
    parsed.raws.append(raw)
    parsed.events.append(event)
    parsed.positions.append(position)


def _check_size(raw: Any) -> None:
    if memoryview(raw).nbytes > EVENT_BYTES:
        raise Refused("too-large", f"a message may hold at most {EVENT_BYTES // 1024} KiB")


def refuse(parsed: Parsed, raw: Any, position: int, wrong: Refused) -> None:
    sample = bytes(memoryview(raw)[: 4 * SAMPLE_CHARACTERS]).decode(errors="replace")
    clean = sample.replace("\x00", "")[:SAMPLE_CHARACTERS]
    detail = wrong.detail.replace("\x00", "")[:SAMPLE_CHARACTERS]
    parsed.refused.append(Refusal(position, wrong.reason, detail, clean))
