"""From documents to their items: the versions of an item stand together in the tables."""

import numpy as np

from portal.search.tables import Array, Tables


class Versions:
    """Which documents are an item's second, third and further versions, worked out once: half a
    dozen gathers cost a tenth of `reduceat` over stretches of one or two.
    """

    def __init__(self, tables: Tables) -> None:
        self._starts = tables.arrays["item.starts"]
        counts = np.diff(np.append(self._starts, len(tables.names["id"])))
        most = int(counts.max(initial=0))
        self._further = [
            (items, self._starts[items] + place)
            for place in range(1, most)
            for items in [np.flatnonzero(counts > place)]
        ]

    def highest(self, values: Array) -> Array:
        """By item: the highest value of its versions; of True and False, whether any is True."""
        highest: Array = values[self._starts]
        for items, documents in self._further:
            highest[items] = np.maximum(highest[items], values[documents])
        return highest
