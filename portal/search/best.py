"""The best few of many scores."""

import numpy as np

from portal.search.tables import Array

_BLOCK = 32


def best(scores: Array, items: Array, wanted: int) -> Array:
    """So many places: highest score first, ties by item, so that pages never overlap."""
    if not wanted:
        return np.zeros(0, np.int64)
    places = np.flatnonzero(scores >= _least(scores, wanted))
    chosen: Array = places[np.lexsort((items[places], -scores[places]))[:wanted]]
    return chosen


def _least(scores: Array, wanted: int) -> float:
    """So many are at least this high, and few others: where there are as many blocks, the highest
    ones of so many blocks are. Looking at the blocks' highest costs a twentieth of a partition.
    """
    whole = len(scores) - len(scores) % _BLOCK
    highest = scores[:whole].reshape(-1, _BLOCK).max(axis=1)
    among = highest if len(highest) >= wanted else scores
    return float(np.partition(among, len(among) - wanted)[len(among) - wanted])
