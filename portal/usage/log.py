"""How requests are kept: the body as it came, with the kind that says how to read it.

- "batch", "track", "identify", ...: what was sent to `/v1/<kind>`: JSON, compressed unless small;
  gzip stays as the client packed it.
- "posthog": what was sent to one of PostHog's addresses, likewise (usage/posthog.py).
- "lines": a piece of a file, one message a line.
- "" (KEPT): messages picked out of a request, with its envelope; what older releases kept, and
  what was set aside for an account that nobody knew.
- "pack": several requests of the log together (usage/log_rows.py); never one by itself.
"""

import threading
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
import zstandard

from portal.domain.errors import DomainError
from portal.usage import posthog, wire
from portal.usage.message import Envelope

KEPT = ""
# Level 1 is a third of the time of 6 for a tenth more bytes.
LEVEL = 1
# Small tables: where caches are cold, a sixth less time for a hundred events, and no more bytes.
PARAMETERS = zstandard.ZstdCompressionParameters.from_level(
    LEVEL, source_size=64 * 1024, hash_log=11
)
# A shorter body costs more to compress than to write.
LEAST_COMPRESSED = 2_000
ZSTANDARD = b"\x28\xb5\x2f\xfd"
DAMAGE = (zlib.error, zstandard.ZstdError, msgspec.MsgspecError, DomainError)


class Kept(msgspec.Struct, array_like=True, gc=False):
    """A body of kind KEPT before compression. `version` leaves room for another shape later."""

    version: int
    envelope: Envelope
    messages: list[msgspec.Raw]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Kept)
_compressors = threading.local()


def pack(envelope: Envelope, messages: Sequence[Any]) -> bytes:
    """A body of kind KEPT. `messages` are JSON texts (bytes or msgspec.Raw)."""
    raws = [one if isinstance(one, msgspec.Raw) else msgspec.Raw(one) for one in messages]
    return zlib.compress(_encoder.encode(Kept(1, envelope, raws)), LEVEL)


def compressed(text: bytes) -> bytes:
    """What is stored of a request: what came as gzip stays so."""
    if len(text) < LEAST_COMPRESSED or text.startswith(wire.GZIP):
        return text
    return compressor().compress(text)


def compressor() -> zstandard.ZstdCompressor:
    """Of this thread alone: one is not safe in two."""
    made: zstandard.ZstdCompressor | None = getattr(_compressors, "one", None)
    if made is None:
        made = _compressors.one = zstandard.ZstdCompressor(compression_params=PARAMETERS)
    return made


def text_of(body: bytes) -> bytes:
    """What a request said, as it was stored by `compressed`. Raises one of DAMAGE."""
    return _decompress(body) if body.startswith(ZSTANDARD) else wire.unpacked(body)


def _decompress(body: bytes) -> bytes:
    # Of the thread that asks: one is not safe in two, and a new one costs as much as its work.
    made: zstandard.ZstdDecompressor | None = getattr(_compressors, "back", None)
    if made is None:
        made = _compressors.back = zstandard.ZstdDecompressor()
    return made.decompress(body)


def unpack(kind: str, body: bytes) -> tuple[Envelope, Sequence[Any]]:
    """A stored body as its envelope and messages. Raises one of DAMAGE for what is neither."""
    if kind == KEPT:
        kept = _decoder.decode(zlib.decompress(body))
        return kept.envelope, kept.messages
    if kind == wire.LINES:
        # A piece of a file may be larger than a request, and is checked line by line.
        text = _decompress(body) if body.startswith(ZSTANDARD) else body
        return wire.FILE, wire.file_lines(text)
    text = text_of(body)
    return posthog.split(text) if kind == posthog.KIND else wire.split(text, kind)
