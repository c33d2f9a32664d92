"""Roaring bitmaps: persons of a day, and persons × minutes of a day."""

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from portal.usage.days import Numbers

# Room for the longest day; 2**32 ÷ 1536 leaves 2.7 million persons an account.
SLOTS_A_PERSON = 1536
LONGEST_GAP = 30
# Below this a list is quicker than sorting an array.
FEW = 200


def bitmap_of(values: npt.NDArray[Any]) -> Any:
    """`values` need not be sorted or unique."""
    if values.size < FEW:
        return BitMap(values.tolist())
    return BitMap(words_of(np.unique(values)))


def words_of(values: npt.NDArray[Any]) -> "array[int]":
    """As bitmaps take them five times as quickly as they take NumPy's own."""
    return array("I", values.astype(np.uint32).tobytes())


def array_of(bitmap: Any) -> Numbers:
    """Ascending."""
    return np.frombuffer(bitmap.to_array(), np.uint32).astype(np.int64)


def union_of(bitmaps: Sequence[Any]) -> Any:
    return BitMap.union(*bitmaps) if bitmaps else BitMap()


def online_minutes(today: Any, tomorrow: Any, length: int) -> int:
    """Time online of one day (DOMAIN §2) from the slots of two; `length` is the day's minutes."""
    return int(person_minutes(array_of(today), array_of(tomorrow), length)[1].sum())


def person_minutes(today: Numbers, tomorrow: Numbers, length: int) -> tuple[Numbers, Numbers]:
    """Persons (in no order, not unique) and the minutes that each pair of neighbours adds for
    them: of their active minutes at most 30 apart the day of the earlier one counts the minutes
    between, so the first minute of the next day can belong to this day's last. Slots ascend.
    """
    persons = today // SLOTS_A_PERSON
    gaps = np.diff(today)
    near = (gaps <= LONGEST_GAP) & (persons[1:] == persons[:-1])
    late, over = _over_midnight(today, tomorrow, length)
    return np.concatenate([persons[1:][near], late]), np.concatenate([gaps[near], over])


def _over_midnight(today: Numbers, tomorrow: Numbers, length: int) -> tuple[Numbers, Numbers]:
    """From each person's last minute of the day to their first of the next."""
    early = tomorrow[tomorrow % SLOTS_A_PERSON < LONGEST_GAP]
    persons, starts = np.unique(early // SLOTS_A_PERSON, return_index=True)
    lasts = np.searchsorted(today, (persons + 1) * SLOTS_A_PERSON) - 1
    met = lasts >= 0
    persons, firsts, lasts = persons[met], early[starts[met]], lasts[met]
    gaps = firsts + length - today[lasts]
    near = (gaps <= LONGEST_GAP) & (today[lasts] // SLOTS_A_PERSON == persons)
    return persons[near], gaps[near]


def rolling_counts(daily: Sequence[Any], width: int) -> list[int]:
    """Distinct members of each run of `width` neighbouring days, for each day that ends one."""
    return [len(run) for run in rolling_unions(daily, width)]


def rolling_unions(daily: Sequence[Any], width: int) -> list[Any]:
    """The members of each run of `width` neighbouring days, for each day that ends one.

    Block prefixes and suffixes: two unions a day instead of `width`.
    """
    suffixes: list[Any] = [None] * len(daily)
    for block in range(0, len(daily), width):
        running = BitMap()
        for index in range(min(block + width, len(daily)) - 1, block - 1, -1):
            running = running | daily[index]
            suffixes[index] = running
    unions, running = [], BitMap()
    for index, bitmap in enumerate(daily):
        running = bitmap if index % width == 0 else running | bitmap
        first = index - width + 1
        if first >= 0:
            whole = first % width == 0
            unions.append(running if whole else running | suffixes[first])
    return unions
