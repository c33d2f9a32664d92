"""The best few of many scores."""

import numpy as np

from portal.search.tables import Array

_GROUP = 32
"""Members of each."""


def best(scores: Array, items: Array, wanted: int) -> Array:
    """So many places: highest score first, ties by item, so that pages never overlap."""
    if not wanted:
        return np.zeros(0, np.int64)
    places = np.flatnonzero(scores >= _least(scores, wanted))
    chosen: Array = places[np.lexsort((items[places], -scores[places]))[:wanted]]
    return chosen


def _least(scores: Array, wanted: int) -> float:
    """So many are at least this high, and few others: where there are as many groups, the highest
    ones of so many groups are. Looking at the groups' highest costs a hundredth of a partition;
    a group's members stand far apart, so that whole stretches are compared at once.
    """
    whole = len(scores) - len(scores) % _GROUP
    highest = scores[:whole].reshape(_GROUP, -1).max(axis=0)
    among = highest if len(highest) >= wanted else scores
    return float(np.partition(among, len(among) - wanted)[len(among) - wanted])
