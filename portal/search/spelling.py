"""Which known words an unknown word may have been meant as."""

from collections.abc import Iterable, Sequence

import numpy as np

from portal.search.strings import place_of
from portal.search.tables import Array

_SHORTEST, _LONG = 4, 8


def allowed_distance(word: str) -> int:
    """Slips forgiven: none in a short word or one with digits, one from 4 letters, two from 8."""
    if len(word) < _SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) < _LONG else 2


def prefix_range(words: Sequence[str], prefix: str) -> tuple[int, int]:
    """Numbers (from, to) of the sorted words that begin with `prefix`."""
    return place_of(words, prefix), place_of(words, prefix + "\U0010ffff")


class Spelling:
    """Edit distance with neighbours swapped counted as one (optimal string alignment), over all
    words at once: letters present rule most out, the rest is one table computed in parallel.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._lengths = np.array([len(word) for word in words], np.int16)
        self._letters = _letters(words, self._lengths)

    def near(self, word: str) -> list[tuple[int, int]]:
        """(distance, word number) of the words within the allowed distance, nearest first."""
        most = allowed_distance(word)
        if not most or not len(self._words):
            return []
        numbers = self._possible(word, most)
        distances = _distances(word, [self._words[n] for n in numbers.tolist()])
        pairs = zip(distances.tolist(), numbers.tolist(), strict=True)
        return sorted(pair for pair in pairs if 0 < pair[0] <= most)

    def _possible(self, word: str, most: int) -> Array:
        near_in_length = np.abs(self._lengths - len(word)) <= most
        different = np.bitwise_count(self._letters ^ _letters([word], np.array([len(word)])))
        return np.flatnonzero(near_in_length & (different <= 2 * most))


def _letters(words: Iterable[str], lengths: Array) -> Array:
    """By word, as bits, which letters it has; no word is empty."""
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    bits = np.uint64(1) << (codes % 61).astype(np.uint64)
    found: Array = np.bitwise_or.reduceat(bits, np.cumsum(lengths) - lengths) if len(bits) else bits
    return found


def _distances(word: str, others: list[str]) -> Array:
    if not others:
        return np.zeros(0, np.int16)
    width = max(map(len, others))
    table = np.array(others, f"<U{width}").view(np.uint32).reshape(len(others), width)
    rows = [np.tile(np.arange(width + 1, dtype=np.int16), (len(others), 1))]
    for at, character in enumerate(word):
        row = _without_insertion(rows, table, word, at, ord(character))
        # A character more costs one: row[j] is the least of row[k] + j - k for k up to j.
        steps = np.arange(width + 1, dtype=np.int16)
        rows.append(np.minimum.accumulate(row - steps, axis=1) + steps)
    distances: Array = rows[-1][np.arange(len(others)), [len(other) for other in others]]
    return distances


def _without_insertion(rows: list[Array], table: Array, word: str, at: int, code: int) -> Array:
    before = rows[-1]
    row = before + np.int16(1)
    same = table == code
    np.minimum(row[:, 1:], before[:, :-1] + ~same, out=row[:, 1:])
    if at:
        swapped = same[:, :-1] & (table[:, 1:] == ord(word[at - 1]))
        shorter = np.where(swapped, rows[-2][:, :-2] + np.int16(1), row[:, 2:])
        np.minimum(row[:, 2:], shorter, out=row[:, 2:])
    return row
