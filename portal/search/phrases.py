"""Phrases: terms that stand beside each other in a title or in a body.

Each field keeps its terms in reading order, those apart that a phrase is made of. Only documents
that hold every term are read, or all at once where that is cheaper: the costliest phrase takes one
pass over the field.
"""

from collections.abc import Sequence

import numpy as np

from portal.search.strings import number_of
from portal.search.tables import FIELDS, Array, Tables

_MANY = 8
"""One document in so many is enough to read the whole field instead of picking them out."""


class Phrases:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._count = len(tables.names["id"])

    def containing(self, phrase: Sequence[str]) -> Array:
        """True for each document that has these terms as neighbours in its title or its body."""
        found = np.zeros(self._count, bool)
        numbers = [number_of(self._tables.names["terms"], term) for term in phrase]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers):
            for name in FIELDS:
                found[self._in_field(name, known)] = True
        return found

    def _in_field(self, name: str, numbers: list[int]) -> Array:
        documents = self._holding_all(name, numbers)
        arrays = self._tables.arrays
        values, starts = arrays[f"{name}.order.values"], arrays[f"{name}.order.starts"]
        if len(documents) * _MANY > self._count:
            return _neighbours(values, starts, numbers)
        begins, ends = starts[documents], starts[documents + 1]
        local = np.concatenate([[0], np.cumsum(ends - begins)])
        places = np.arange(local[-1]) + np.repeat(begins - local[:-1], ends - begins)
        found: Array = documents[_neighbours(values[places], local, numbers)]
        return found

    def _holding_all(self, name: str, numbers: list[int]) -> Array:
        rows = sorted((self._tables.row(name, number) for number in set(numbers)), key=len)
        documents = rows[0]
        for row in rows[1:]:
            if not len(documents):
                break
            at = np.minimum(np.searchsorted(row, documents), len(row) - 1)
            documents = documents[row[at] == documents]
        return documents


def _neighbours(values: Array, starts: Array, numbers: list[int]) -> Array:
    """Which of the stretches that begin at `starts` hold the numbers one after the other."""
    last = len(values) - len(numbers) + 1
    if last < 1:
        return np.zeros(0, np.int64)
    at = np.flatnonzero(values[:last] == numbers[0])
    for offset, number in enumerate(numbers[1:], 1):
        at = at[values[at + offset] == number]
    stretch = np.searchsorted(starts, at, "right") - 1
    within: Array = stretch[at + len(numbers) <= starts[stretch + 1]]
    return within
