"""How a request is kept: its messages as they came, with its envelope, compressed."""

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from portal.usage.message import Envelope

# Level 1 is a third of the time of 6 for a tenth more bytes: a request waits for this.
LEVEL = 1


class Kept(msgspec.Struct, array_like=True, gc=False):
    """A log body before compression. `version` leaves room for another shape later."""

    version: int
    envelope: Envelope
    messages: list[msgspec.Raw]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Kept)


def pack(envelope: Envelope, messages: Sequence[Any]) -> bytes:
    """`messages` are JSON texts (bytes or msgspec.Raw)."""
    raws = [one if isinstance(one, msgspec.Raw) else msgspec.Raw(one) for one in messages]
    return zlib.compress(_encoder.encode(Kept(1, envelope, raws)), LEVEL)


def unpack(body: bytes) -> Kept:
    return _decoder.decode(zlib.decompress(body))
