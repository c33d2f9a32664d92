"""Milliseconds of rankings, asked in turns so that all of them meet the same noise."""

from collections.abc import Mapping, Sequence
from time import perf_counter

from tests.benchmarks.search.contestants import Ranking

_WARMING_UP = 30


def milliseconds(
    rankings: Mapping[str, Ranking], questions: Sequence[str]
) -> dict[str, list[float]]:
    for rank in rankings.values():
        for question in questions[:_WARMING_UP]:
            rank(question)
    times: dict[str, list[float]] = {name: [] for name in rankings}
    for question in questions:
        for name, rank in rankings.items():
            began = perf_counter()
            rank(question)
            times[name].append((perf_counter() - began) * 1000)
    return times


def percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
