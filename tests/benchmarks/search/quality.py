"""How well a ranking answers labelled questions."""

import math
from collections.abc import Sequence

from tests.benchmarks.search.contestants import BEST, Ranking
from tests.benchmarks.search.corpus import Question


def mean_ndcg(rank: Ranking, questions: Sequence[Question]) -> float:
    return sum(ndcg(rank(one.text), one.relevant) for one in questions) / len(questions)


def ndcg(found: list[str], relevant: frozenset[str]) -> float:
    """At ten: Järvelin and Kekäläinen (2002), with gains of 0 and 1."""
    gained = sum(1 / math.log2(at + 2) for at, one in enumerate(found[:BEST]) if one in relevant)
    ideal = sum(1 / math.log2(at + 2) for at in range(min(BEST, len(relevant))))
    return gained / ideal if ideal else 0.0
