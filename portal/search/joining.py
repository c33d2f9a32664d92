"""Two sorted lists made one, and the way from the old numbers to the new ones."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import compress

import numpy as np

from portal.search.tables import Array


@dataclass(frozen=True, slots=True)
class Joined:
    """A sorted list made of two; numbers of the new list by numbers of the old ones, -1 where a
    value of the base is there no more. `at` says where in the base each of the fresh belongs.
    """

    names: list[str]
    of_base: Array
    of_fresh: Array
    at: Array
    known: Array


def join(base: list[str], alive: Array, fresh: list[str]) -> Joined:
    at = np.array([bisect_left(base, one) for one in fresh], np.int64)
    known = np.array(
        [place < len(base) and base[place] == one for place, one in zip(at, fresh, strict=True)],
        bool,
    )
    alive = alive.copy()
    alive[at[known]] = True
    new_at = at[~known]
    kept_before = np.concatenate([[0], np.cumsum(alive)])
    of_base = kept_before[:-1] + np.searchsorted(new_at, np.arange(len(base)), "right")
    of_base[~alive] = -1
    of_fresh = np.empty(len(fresh), np.int64)
    of_fresh[known] = of_base[at[known]]
    of_fresh[~known] = kept_before[new_at] + np.arange(len(new_at))
    names = _interleaved(base, alive, list(compress(fresh, ~known)), of_fresh[~known].tolist())
    return Joined(names, of_base, of_fresh, at, known)


def _interleaved(base: list[str], alive: Array, new: list[str], places: list[int]) -> list[str]:
    kept = base if alive.all() else list(compress(base, alive))
    names: list[str] = []
    taken = 0
    for number, (one, place) in enumerate(zip(new, places, strict=True)):
        names += kept[taken : place - number]
        taken = place - number
        names.append(one)
    return names + kept[taken:]
