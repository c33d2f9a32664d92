"""The order that scores are kept in, so that an item's best version is a few straight comparisons.

Items stand by falling number of versions, each in its place; documents stand in slots: the first
versions of all items in the order of these, then the second versions of those that have one, and
so on. The stretch of the n-th versions then meets the first places, value by value.
"""

from itertools import pairwise

import numpy as np

from portal.search.tables import Array, Tables


class Places:
    """Worked out once per generation. `items` are the numbers of the items by place, `documents`
    those of the documents by slot; `place_of` and `slot_of` lead back.
    """

    def __init__(self, tables: Tables) -> None:
        starts, count = tables.arrays["item.starts"], len(tables.names["id"])
        versions = np.diff(np.append(starts, count))
        self.items = np.argsort(-versions, kind="stable")
        falling = versions[self.items]
        stretches = [
            starts[self.items[: np.count_nonzero(falling > number)]] + number
            for number in range(int(falling.max(initial=0)))
        ]
        self.documents = np.concatenate([np.zeros(0, np.int64), *stretches])
        self.place_of, self.slot_of = _inverse(self.items), _inverse(self.documents)
        self._bounds = np.cumsum([0, *map(len, stretches)]).tolist()

    def highest(self, values: Array) -> Array:
        """By place, the highest value of the item's versions; `values` are by slot."""
        highest: Array = values[: len(self.items)].copy()
        for first, end in pairwise(self._bounds[1:]):
            stretch = highest[: end - first]
            np.maximum(stretch, values[first:end], out=stretch)
        return highest


def _inverse(order: Array) -> Array:
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.arange(len(order))
    return inverse
