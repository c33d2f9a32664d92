"""Two sorted lists made one, and the way from the old numbers to the new ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from portal.search.strings import Strings, place_of, spliced
from portal.search.tables import Array


@dataclass(frozen=True, slots=True)
class Joined:
    """A sorted list made of two; numbers of the new list by numbers of the old ones, -1 where a
    value of the base is there no more. `at` says where in the base each of the fresh belongs.
    """

    names: Strings
    of_base: Array
    of_fresh: Array
    at: Array
    known: Array


def join(base: Strings, alive: Array, fresh: Sequence[str]) -> Joined:
    at = np.array([place_of(base, one) for one in fresh], np.int64)
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
    names = spliced(base, alive, list(compress(fresh, ~known)), new_at)
    return Joined(names, of_base, of_fresh, at, known)
