"""Activity of the log set aside: columns of what counts, without the messages themselves."""

from typing import Any

import msgspec
import numpy as np
import zstandard

from portal.usage.days import Numbers
from portal.usage.messages import Messages
from portal.usage.sorting import Sorted

KEPT = ("at", "bucket", "identity", "milliseconds", "call", "person", "name", "integration")
TYPES = {"identity": np.dtype("<u8"), "call": np.dtype(bool)}
NUMBER = np.dtype("<i8")
BOOKS = {"person": "persons", "name": "names", "integration": "integrations"}
# Level 1 halves what is written at a tenth of the time that reading the log takes.
LEVEL = 1


class _Piece(msgspec.Struct, array_like=True, gc=False):
    """The accounts of the messages, the columns of KEPT, and the texts of each book."""

    accounts: bytes
    columns: dict[str, bytes]
    texts: dict[str, list[str]]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Piece)


def pack_piece(done: Sorted, chosen: Numbers) -> bytes:
    """The messages at these positions."""
    messages = done.messages
    columns = {name: getattr(messages, name)[chosen] for name in KEPT}
    texts = {}
    for name, book in BOOKS.items():
        used, columns[name] = np.unique(columns[name], return_inverse=True)
        listed = getattr(messages, book)
        texts[name] = [listed[one] for one in used.tolist()]
    packed = {
        name: column.astype(TYPES.get(name, NUMBER)).tobytes() for name, column in columns.items()
    }
    piece = _Piece(done.accounts[chosen].astype(NUMBER).tobytes(), packed, texts)
    return zstandard.compress(_encoder.encode(piece), LEVEL)


def unpack_piece(packed: bytes) -> Sorted:
    piece = _decoder.decode(zstandard.decompress(packed))
    accounts = np.frombuffer(piece.accounts, NUMBER).copy()
    nothing = np.zeros(accounts.size, np.int64)
    members: dict[str, Any] = {
        "groups": [""],
        "anonymous": 0,
        "joins": nothing.astype(bool),
        **dict.fromkeys(("row", "place", "group", "later"), nothing),
        **{book: piece.texts[name] for name, book in BOOKS.items()},
    }
    for name, column in piece.columns.items():
        members[name] = np.frombuffer(column, TYPES.get(name, NUMBER))
    return Sorted(Messages(**members), accounts)
