"""Whole numbers in few bytes: each column in as many byte planes as its largest value needs, all
of them compressed together. Small values make planes of zeros, which cost nothing.
"""

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import zstandard

from portal.usage.days import Numbers

# Sealed once, read often: a high level costs only the writer.
LEVEL = 12
_HEAD = struct.Struct("<IB")


def pack(columns: Sequence[Numbers], rest: bytes = b"", level: int = LEVEL) -> bytes:
    """Columns of numbers from 0 to 2⁶³ − 1, and any bytes after them."""
    heads, planes = [], []
    for column in columns:
        width, plane = _planes(column)
        heads.append(_HEAD.pack(column.size, width))
        planes.append(plane)
    return zstandard.ZstdCompressor(level=level).compress(b"".join([*heads, *planes, rest]))


def unpack(packed: bytes, columns: int) -> tuple[list[Numbers], bytes]:
    """The columns, and what stood after them."""
    text = zstandard.ZstdDecompressor().decompress(packed)
    place = columns * _HEAD.size
    found = []
    for number in range(columns):
        size, width = _HEAD.unpack_from(text, number * _HEAD.size)
        found.append(_column(text, place, size, width))
        place += size * width
    return found, text[place:]


def bytes_of(column: Numbers) -> bytes:
    """A column that stands behind the others; never empty."""
    width, plane = _planes(column)
    return bytes([width]) + plane


def from_bytes(text: bytes, size: int) -> Numbers:
    return _column(text, 1, size, text[0])


def _planes(column: Numbers) -> tuple[int, bytes]:
    width = (int(column.max()).bit_length() + 7) // 8 if column.size else 0
    bytes_of_each = column.astype("<u8").view(np.uint8).reshape(column.size, 8)
    return width, np.ascontiguousarray(bytes_of_each[:, :width].T).tobytes()


def _column(text: bytes, place: int, size: int, width: int) -> Numbers:
    if width == 0:
        return np.zeros(size, np.int64)
    planes: npt.NDArray[np.uint8] = np.frombuffer(text, np.uint8, size * width, place)
    if width == 1:
        return planes.astype(np.int64)
    wide = np.zeros((size, 8), np.uint8)
    wide[:, :width] = planes.reshape(width, size).T
    return wide.view("<u8").reshape(size).astype(np.int64)


def gaps(values: Numbers, counts: Numbers) -> Numbers:
    """Groups of ascending distinct numbers as the first of each and the gaps that follow, less 1.
    `counts` are the sizes of the groups.
    """
    differences = np.diff(values, prepend=0) - 1
    starts = _starts(counts)
    differences[starts] = values[starts]
    return differences


def from_gaps(differences: Numbers, counts: Numbers) -> Numbers:
    values: Numbers = differences + 1
    np.cumsum(values, out=values)
    starts = _starts(counts)
    before = values[starts] - differences[starts]
    values -= np.repeat(before, counts[counts > 0])
    return values


def _starts(counts: Numbers) -> Numbers:
    starts: Numbers = (np.cumsum(counts) - counts)[counts > 0]
    return starts
