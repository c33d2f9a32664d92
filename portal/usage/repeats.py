"""How often persons used a name on a day beyond once each: what a bitmap of persons leaves out.

With it the uses of any of them can be told: of a team, for its depth. Where older releases counted
nobody kept it, so a day's events say whether it is whole: there is one for each person, and one
for each repeat.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from portal.usage.days import Numbers

# Person number → uses beyond the first. Less than 0: a sum that was told and taken back.
Repeats = dict[int, int]
NUMBER = "<i4"


def packed(repeats: Repeats) -> bytes:
    flat = [number for pair in sorted(repeats.items()) for number in pair]
    return struct.pack(f"<{len(flat)}i", *flat)


def unpacked(packed_pairs: bytes | None) -> Repeats:
    """None: an older release wrote the row."""
    if not packed_pairs:
        return {}
    flat = np.frombuffer(packed_pairs, NUMBER).tolist()
    return dict(zip(flat[::2], flat[1::2], strict=True))


def column_of(users: Any, repeats: Repeats) -> Numbers:
    """One element a person, ascending."""
    if not repeats:
        return np.zeros(len(users), np.int64)
    return np.fromiter((max(repeats.get(one, 0), 0) for one in users), np.int64, len(users))


def from_column(users: Numbers, column: Numbers) -> Repeats:
    some = np.flatnonzero(column)
    return dict(zip(users[some].tolist(), column[some].tolist(), strict=True))


def are_whole(events: int, persons: int, repeats: Mapping[int, int]) -> bool:
    return events == persons + sum(repeats.values())


def columns_of(found: Iterable[tuple[Any, Repeats]]) -> Numbers:
    """The columns of several bitmaps one after the other."""
    columns = [column_of(users, repeats) for users, repeats in found]
    return np.concatenate(columns) if columns else np.zeros(0, np.int64)
