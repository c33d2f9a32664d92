"""Columns of values as PostgreSQL's arrays, in its binary form: made whole, as the driver would go
through their elements one by one.

An array is a head (one dimension, no nulls, kind of element, size, first index) and its elements,
each behind its length in bytes. What is not packed here (nulls, other kinds) stays a list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from psycopg.adapt import Dumper, PyFormat
from psycopg.pq import Format
from sqlalchemy import BigInteger, Date, Integer, LargeBinary, String
from sqlalchemy.types import UserDefinedType

# Of an element and of its array, as PostgreSQL numbers them in every installation.
BYTES, TEXT, INT4, INT8, DATE = (17, 1001), (25, 1009), (23, 1007), (20, 1016), (1082, 1182)
# Days are counted from here.
FIRST_DAY = date(2000, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Packed:
    """`kind`: PostgreSQL's number of the array's type."""

    kind: int
    array: bytes


class PackedDumper(Dumper):
    """Hands it to the driver as it is."""

    format = Format.BINARY

    def get_key(self, obj: Packed, _format: PyFormat) -> Any:
        return (self.cls, obj.kind)

    def upgrade(self, obj: Packed, _format: PyFormat) -> "PackedDumper":
        made = PackedDumper(self.cls)
        made.oid = obj.kind
        return made

    def dump(self, obj: Packed) -> bytes:
        return obj.array


class AsGiven(UserDefinedType[Any]):
    """Of a parameter that SQLAlchemy leaves as it is."""

    cache_ok = True


def packed(kind: Any, values: Sequence[Any]) -> Any:
    """`kind`: the column's type."""
    if None not in values:
        for known, pack in _PACKERS:
            if isinstance(kind, known):
                return pack(values)
    return list(values)


def _head(kinds: tuple[int, int], size: int) -> bytes:
    return np.array([1, 0, kinds[0], size, 1], ">i4").tobytes()


def _numbers(kinds: tuple[int, int], form: str, values: Sequence[int]) -> Packed:
    """Raises OverflowError where a number is too large for its column."""
    given = np.array(values, np.int64)
    elements = np.empty(given.size, [("size", ">i4"), ("value", form)])
    elements["size"], elements["value"] = np.dtype(form).itemsize, given
    if (elements["value"] != given).any():
        raise OverflowError(f"a number is too large for its column: {given.max()}")
    return Packed(kinds[1], _head(kinds, given.size) + elements.tobytes())


def _texts(kinds: tuple[int, int], values: Sequence[bytes]) -> Packed:
    sizes = np.array([len(one) for one in values], ">i4").tobytes()
    parts = [b""] * (2 * len(values))
    parts[::2] = [sizes[place : place + 4] for place in range(0, len(sizes), 4)]
    parts[1::2] = values
    return Packed(kinds[1], b"".join([_head(kinds, len(values)), *parts]))


def _days(values: Sequence[date]) -> Packed:
    return _numbers(DATE, ">i4", [one.toordinal() - FIRST_DAY for one in values])


def _encoded(values: Sequence[str]) -> Packed:
    return _texts(TEXT, [one.encode() for one in values])


# The first that fits counts: a BigInteger is an Integer too.
_PACKERS: tuple[tuple[Any, Callable[[Sequence[Any]], Packed]], ...] = (
    (LargeBinary, partial(_texts, BYTES)),
    (String, _encoded),
    (Date, _days),
    (BigInteger, partial(_numbers, INT8, ">i8")),
    (Integer, partial(_numbers, INT4, ">i4")),
)
