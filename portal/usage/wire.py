"""Segment's wire format. Nothing is stored here.

The door asks `check_request` alone: whether the body can be taken at all, at the least cost; what
cannot be read raises DomainError (400), what is too big TooLarge (413). The fold splits it into
messages later and checks each by itself: a bad one does not sink the others.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from portal.domain.errors import DomainError, TooLarge
from portal.usage.message import Envelope, Event, Refused, read_message, sent_moment

EVENT_BYTES = 32 * 1024
BATCH_BYTES = 500 * 1024
MOST_MESSAGES = 10_000
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
SAMPLE_CHARACTERS = 300
BATCH, LINES = "batch", "lines"
NO_JSON = "The body is not valid JSON."
NO_BATCH = 'The body must be a JSON object with a list "batch".'
NO_OBJECT = "The body must be a JSON object."
# No clock stands behind a file: its `sentAt` is of another day, so times are taken as they stand.
FILE = Envelope(live=False)


@dataclass(slots=True)
class Refusal:
    """A message that was not taken; `position` counts from 0 (in a file: the line, from 1).
    `account` and `at`: of one whose time cannot be, the account it names and that time.
    """

    position: int
    reason: str
    detail: str
    sample: str
    account: str = ""
    at: int | None = None


@dataclass(slots=True)
class Request:
    """A body that can be taken. `body` is JSON or gzip of it, as it came; mended where it was not
    JSON to the letter. `key` is what it gave as `writeKey` or `api_key`.
    """

    kind: str
    body: bytes
    messages: int
    key: str = ""


@dataclass(slots=True)
class Parsed:
    """The messages of a request as they were understood."""

    envelope: Envelope
    raws: list[Any] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class BatchHead(msgspec.Struct, gc=False, kw_only=True):
    """What a batch says for all of its messages."""

    sent_at: Any = msgspec.field(default=None, name="sentAt")
    context: Any = None


class _Batch(BatchHead, gc=False, kw_only=True):
    batch: list[msgspec.Raw]
    write_key: Any = msgspec.field(default=None, name="writeKey")
    api_key: Any = None


class _Single(msgspec.Struct, gc=False):
    sent_at: Any = msgspec.field(default=None, name="sentAt")
    write_key: Any = msgspec.field(default=None, name="writeKey")
    api_key: Any = None


_batches = msgspec.json.Decoder(_Batch)
_singles = msgspec.json.Decoder(_Single)


def check_request(body: bytes, kind: str) -> Request:
    """Whether the body of `/v1/<kind>` can be taken: "batch", or one of track, identify, group,
    page, screen, alias. Gzip is known by its first bytes, whatever the headers say.

    Raises DomainError 400 (no JSON, truncated gzip), TooLarge 413 (more than 500 KiB unpacked, too
    many messages, or a single one of more than 32 KiB).
    """
    text = unpacked(body)
    decoder, expected = (_batches, NO_BATCH) if kind == BATCH else (_singles, NO_OBJECT)
    read, good = read_json(decoder, text, expected)
    messages = check_count(read.batch) if kind == BATCH else check_single(good)
    key = short_text(read.write_key) or short_text(read.api_key)
    as_it_came = good is text and body.startswith(GZIP)
    return Request(kind, body if as_it_came else good, messages, key)


def check_count(messages: Sequence[Any]) -> int:
    if len(messages) > MOST_MESSAGES:
        raise TooLarge(f"A batch may hold at most {MOST_MESSAGES} messages.")
    return len(messages)


def check_single(text: bytes) -> int:
    if len(text) > EVENT_BYTES:
        raise TooLarge(f"A message may hold at most {EVENT_BYTES // 1024} KiB.")
    return 1


def split(text: bytes, kind: str) -> tuple[Envelope, Sequence[Any]]:
    """The messages of a body that was taken, each as JSON text, and what it says for all."""
    if kind == BATCH:
        batch: _Batch = _batches.decode(text)
        return envelope_of(batch), batch.batch
    single: _Single = _singles.decode(text)
    return Envelope(kind=kind, sent_at=sent_moment(single.sent_at)), [text]


def envelope_of(batch: BatchHead) -> Envelope:
    group = batch.context.get("groupId") if isinstance(batch.context, dict) else None
    return Envelope(group=short_text(group), sent_at=sent_moment(batch.sent_at))


def file_lines(text: bytes) -> list[bytes]:
    """The lines of a file as messages; empty ones stay, so that the others keep their numbers."""
    return [line.strip().removeprefix(BOM) for line in text.split(b"\n")]


def parse_messages(
    envelope: Envelope, messages: Sequence[Any], received: int, first: int = 0
) -> Parsed:
    """Each message read and checked. `received` is our clock in microseconds, `first` the number
    of the first message. Empty lines are passed over.
    """
    parsed = Parsed(envelope)
    for position, raw in enumerate(messages, first):
        if raw != b"":
            _take(parsed, raw, position, received)
    return parsed


def unpacked(body: bytes) -> bytes:
    """The UTF-8 text of the body, without byte order mark."""
    text = _inflate(body) if body.startswith(GZIP) else body
    if len(text) > BATCH_BYTES:
        raise TooLarge(f"A request may hold at most {BATCH_BYTES // 1024} KiB.")
    if text.isascii():
        return text
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


def read_json(decoder: Any, text: bytes, expected: str) -> tuple[Any, bytes]:
    """What was decoded, and the text that it was decoded from."""
    try:
        return decoder.decode(text), text
    except msgspec.ValidationError:
        raise DomainError(expected, code="invalid-json") from None
    except msgspec.DecodeError:
        mended = _mended(text)
        if mended == text:
            raise DomainError(NO_JSON, code="invalid-json") from None
        return read_json(decoder, mended, expected)
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


def short_text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""


def read_checked(raw: Any, envelope: Envelope, received: int) -> Event:
    """One message of a request. Raises Refused."""
    _check_size(raw)
    return read_message(raw, envelope, received)


def _take(parsed: Parsed, raw: Any, position: int, received: int) -> None:
    try:
        event = read_checked(raw, parsed.envelope, received)
    except Refused as wrong:
        parsed.refused.append(refusal_of(raw, position, wrong))
        return
    parsed.raws.append(raw)
    parsed.events.append(event)
    parsed.positions.append(position)


def _check_size(raw: Any) -> None:
    if memoryview(raw).nbytes > EVENT_BYTES:
        raise Refused("too-large", f"a message may hold at most {EVENT_BYTES // 1024} KiB")


def refusal_of(raw: Any, position: int, wrong: Refused) -> Refusal:
    sample = bytes(memoryview(raw)[: 4 * SAMPLE_CHARACTERS]).decode(errors="replace")
    clean = sample.replace("\x00", "")[:SAMPLE_CHARACTERS]
    detail = wrong.detail.replace("\x00", "")[:SAMPLE_CHARACTERS]
    return Refusal(position, wrong.reason, detail, clean, wrong.account, wrong.at)
