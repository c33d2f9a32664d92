"""Very many short strings in one piece: ten thousand items have half a million spellings, which as
strings of their own would take 70 bytes each, in every process.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np
import numpy.typing as npt

_APART = 32
"""Strings from one that is kept at hand to the next."""
_MOST_KEPT = 20_000
"""Strings whose place is remembered: those of a question are looked for again letter by letter."""

Text = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.uint32]


class Strings(Sequence[str]):
    """Read alone; a string is made when it is asked for. `text` and `starts` may be mapped from a
    file. What looks for a string wants them sorted, as Python does and as their UTF-8 is.
    """

    def __init__(self, text: Text, starts: Starts) -> None:
        self.text, self.starts = text, starts
        self._bytes, self._at = memoryview(text.data), memoryview(starts.data)
        self._kept: dict[str, int | None] = {}
        self._signposts: list[bytes] | None = None

    @classmethod
    def of(cls, strings: Iterable[str]) -> "Strings":
        if isinstance(strings, Strings):
            return strings
        encoded = [_key(one) for one in strings]
        starts = np.cumsum([0, *map(len, encoded)], dtype=np.uint32)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), starts)

    def __len__(self) -> int:
        return len(self._at) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        first = int(at) if at >= 0 else int(at) + len(self)
        if not 0 <= first < len(self):
            raise IndexError(at)
        return self._raw(first).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        starts = self.starts.tolist()
        for first, end in pairwise(starts):
            yield bytes(self._bytes[first:end]).decode("utf-8", "surrogatepass")

    def place(self, string: str) -> int:
        """How many come before it."""
        key = _key(string)
        if self._signposts is None:
            self._signposts = [self._raw(at) for at in range(0, len(self), _APART)]
        block = bisect_left(self._signposts, key) * _APART
        first, end = max(0, block - _APART), min(len(self), block)
        return bisect_left(range(len(self)), key, first, end, key=self._raw)

    def find(self, string: str) -> int | None:
        """The number of the string."""
        try:
            return self._kept[string]
        except KeyError:
            at = self.place(string)
            found = at if at < len(self) and self._raw(at) == _key(string) else None
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[string] = found
            return found

    def part(self, first: int, end: int) -> bytes:
        """Those from one on and before another, one after the other."""
        return bytes(self._bytes[self._at[first] : self._at[end]])

    def _raw(self, at: int) -> bytes:
        return bytes(self._bytes[self._at[at] : self._at[at + 1]])


def spliced(
    base: Strings, alive: npt.NDArray[np.bool_], new: Sequence[str], at: npt.NDArray[np.int64]
) -> Strings:
    """Without those that are not alive, and with new ones, each before the place `at` of the base
    that it belongs to.
    """
    steps = [(place, 0, _key(one)) for place, one in zip(at.tolist(), new, strict=True)]
    steps += [(place, 1, b"") for place in np.flatnonzero(~alive).tolist()]
    pieces: list[bytes] = []
    taken = 0
    for place, gone, piece in sorted(steps, key=lambda step: step[:2]):
        pieces += [base.part(taken, place), piece]
        taken = place + gone
    pieces.append(base.part(taken, len(base)))
    kept_before = np.concatenate([[0], np.cumsum(alive)])
    lengths = np.diff(base.starts)[alive]
    lengths = np.insert(lengths, kept_before[at], [len(_key(one)) for one in new])
    return _of_pieces(pieces, lengths)


def one_after_another(parts: Iterable[tuple[Strings, int, int]]) -> Strings:
    """Stretches of several: from a string on and before another."""
    stretches = list(parts)
    lengths = [np.diff(one.starts[first : end + 1]) for one, first, end in stretches]
    pieces = [one.part(first, end) for one, first, end in stretches]
    return _of_pieces(pieces, np.concatenate([np.zeros(0, np.uint32), *lengths]))


def number_of(strings: Sequence[str], one: str) -> int | None:
    """The place of a string among sorted ones; None where it is not among them."""
    if isinstance(strings, Strings):
        return strings.find(one)
    at = bisect_left(strings, one)
    return at if at < len(strings) and strings[at] == one else None


def place_of(strings: Sequence[str], one: str) -> int:
    """How many of sorted strings come before it."""
    return strings.place(one) if isinstance(strings, Strings) else bisect_left(strings, one)


def _of_pieces(pieces: Iterable[bytes], lengths: Starts) -> Strings:
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32)
    return Strings(np.frombuffer(b"".join(pieces), np.uint8), starts)


def _key(string: str) -> bytes:
    return string.encode("utf-8", "surrogatepass")
