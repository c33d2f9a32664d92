"""Which messages lie in the archive, in a byte and a half each: whether one that comes too late had
counted before.

Of each message stands a number below 1,024 times as many as there are, sorted, as gaps. One that
is not there has never counted, for certain; of those that never counted one in a thousand is
taken for one that has.
"""

import struct
from collections.abc import Iterable

import numpy as np

from portal.usage import packing
from portal.usage.days import Numbers
from portal.usage.messages import Flags
from portal.usage.rollups import Hashes

ROOM = 1_024
VERSION = 1
# Odd, so that the same hash on another day is another number.
_DAY = np.uint64(0x9E37_79B9_7F4A_7C15)
_MOST = 2**32 - 1
_HALF = np.uint64(32)
_HEAD = struct.Struct("<BI")


def pack_known(identities: Hashes, days: Numbers) -> bytes:
    """Of messages each once; `days` since 1970, under which they are known."""
    room = min(max(identities.size, 1) * ROOM, _MOST)
    found = np.unique(_numbers(identities, days, room))
    gaps = np.diff(found, prepend=0)
    return _HEAD.pack(VERSION, room) + packing.pack([gaps])


def are_known(packed: Iterable[bytes], identities: Hashes, days: Numbers) -> Flags:
    """Marks those that are in one of them."""
    known = np.zeros(identities.size, bool)
    for one in packed:
        _version, room = _HEAD.unpack_from(one)
        (gaps,), _ = packing.unpack(one[_HEAD.size :], 1)
        known |= np.isin(_numbers(identities, days, room), np.cumsum(gaps))
    return known


def _numbers(identities: Hashes, days: Numbers, room: int) -> Numbers:
    """Evenly spread from 0 to `room` − 1."""
    mixed = identities.astype(np.uint64) + days.astype(np.uint64) * _DAY
    return ((mixed >> _HALF) * np.uint64(room) >> _HALF).astype(np.int64)
