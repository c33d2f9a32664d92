"""Very many short strings in one piece: ten thousand items have half a million spellings, which as
strings of their own would take 70 bytes each.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np


class Strings(Sequence[str]):
    """Read alone; a string is made when it is asked for."""

    def __init__(self, strings: Sequence[str]) -> None:
        encoded = [one.encode() for one in strings]
        self._text = b"".join(encoded)
        self._starts = np.cumsum([0, *map(len, encoded)], dtype=np.uint32)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        first = at if at >= 0 else at + len(self)
        if not 0 <= first < len(self):
            raise IndexError(at)
        return self._text[self._starts[first] : self._starts[first + 1]].decode()

    def __iter__(self) -> Iterator[str]:
        starts = self._starts.tolist()
        for first, end in pairwise(starts):
            yield self._text[first:end].decode()
