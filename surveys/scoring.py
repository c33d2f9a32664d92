"""Scores of a wave, each with its margin of error and n, so that nobody reads noise as news.

Margins are half-widths of the normal (Wald) 95 % interval: z · standard error, z = 1.96. For NPS
the variance of one answer scored +1, 0 or −1 is p + d − (p − d)², p and d being the shares of
promoters and detractors (variance of a trinomial difference; B. Rocks, "Interval Estimation for
the Net Promoter Score", The American Statistician 70, 2016). For means it is the sample variance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

Z_95 = 1.96
PROMOTER_FROM, PASSIVE_FROM = 9, 7
SATISFIED_FROM = 4
_TWO = 2


@dataclass(frozen=True)
class Nps:
    """`score` from −100 to 100 and `margin`, both in points; None where nobody answered."""

    score: float | None
    margin: float | None
    n: int
    promoters: int
    passives: int
    detractors: int


@dataclass(frozen=True)
class Mean:
    """Mean in units of the scale. None where nobody answered; one answer has no margin."""

    mean: float | None
    margin: float | None
    n: int


@dataclass(frozen=True)
class Csat:
    """`satisfied` is the share (0 to 1) of answers 4 and 5."""

    mean: Mean
    satisfied: float | None


def nps(answers: Iterable[int]) -> Nps:
    """%(9–10) − %(0–6) of answers 0 to 10. ValueError for an answer off the scale."""
    given = _on_scale(answers, 0, 10)
    promoters = sum(answer >= PROMOTER_FROM for answer in given)
    detractors = sum(answer < PASSIVE_FROM for answer in given)
    passives = len(given) - promoters - detractors
    if not given:
        return Nps(None, None, 0, 0, 0, 0)
    p, d = promoters / len(given), detractors / len(given)
    error = sqrt(max(0.0, p + d - (p - d) ** 2) / len(given))
    # From the counts, so that a score that is a whole number is exactly one.
    score = 100 * (promoters - detractors) / len(given)
    return Nps(score, 100 * Z_95 * error, len(given), promoters, passives, detractors)


def csat(answers: Iterable[int]) -> Csat:
    """Satisfaction on 1 to 5. ValueError for an answer off the scale."""
    given = _on_scale(answers, 1, 5)
    if not given:
        return Csat(Mean(None, None, 0), None)
    satisfied = sum(answer >= SATISFIED_FROM for answer in given) / len(given)
    return Csat(_mean(given), satisfied)


def ces(answers: Iterable[int]) -> Mean:
    """Effort on 1 (very easy) to 7 (very hard). ValueError for an answer off the scale."""
    return _mean(_on_scale(answers, 1, 7))


def _mean(given: list[int]) -> Mean:
    if not given:
        return Mean(None, None, 0)
    if len(given) < _TWO:
        return Mean(fmean(given), None, 1)
    return Mean(fmean(given), Z_95 * stdev(given) / sqrt(len(given)), len(given))


def _on_scale(answers: Iterable[int], lowest: int, highest: int) -> list[int]:
    given = list(answers)
    for answer in given:
        if not lowest <= answer <= highest:
            raise ValueError(f"An answer is from {lowest} to {highest}, not {answer}.")
    return given
