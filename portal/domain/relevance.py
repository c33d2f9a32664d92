"""How good an answer is, measured against what people judged.

Normalised discounted cumulative gain (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of
IR techniques", ACM TOIS 20(4), 2002) over the first ten places, a good text counting 1.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from math import log2

DEPTH = 10
WORSE_BY = 1e-6


class Verdict(StrEnum):
    """BAD: stands in the answer and should not. MISSING: is good, and was not found when judged."""

    GOOD = "good"
    BAD = "bad"
    MISSING = "missing"


WANTED = frozenset({Verdict.GOOD, Verdict.MISSING})


def ndcg(found: Sequence[str], wanted: Collection[str], unwanted: Collection[str] = ()) -> float:
    """Between 0 and 1. `found` in the order of the answer. Each unwanted text among the first ten
    takes away as much as a wanted one in its place would give. Without wanted texts it is 1 where
    no unwanted one is found among the first ten, else 0.
    """
    first = list(found[:DEPTH])
    if not wanted:
        return 0.0 if set(first) & set(unwanted) else 1.0
    ideal = sum(_gain(place) for place in range(min(DEPTH, len(wanted))))
    gained = sum(_gain(place) for place, one in enumerate(first) if one in wanted)
    lost = sum(_gain(place) for place, one in enumerate(first) if one in unwanted)
    return max(0.0, gained - lost) / ideal


def is_worse(now: float, before: float) -> bool:
    return now < before - WORSE_BY


def _gain(place: int) -> float:
    return 1 / log2(place + 2)
