from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from surveys.scoring import Csat, Mean, Nps, ces, csat, nps


def test_nps_is_promoters_less_detractors_with_its_margin() -> None:
    wave = nps([10] * 50 + [8] * 30 + [3] * 20)
    assert wave.score == 30
    assert wave.margin == pytest.approx(15.3, abs=0.01)
    assert (wave.n, wave.promoters, wave.passives, wave.detractors) == (100, 50, 30, 20)


def test_the_edges_of_the_three_groups() -> None:
    assert nps([9, 7, 6]) == nps([10, 8, 0])


def test_nobody_answered_is_no_score_and_not_zero() -> None:
    assert nps([]) == Nps(None, None, 0, 0, 0, 0)
    assert csat([]) == Csat(Mean(None, None, 0), None)
    assert ces([]) == Mean(None, None, 0)


@given(some.lists(some.integers(0, 10), min_size=1, max_size=300))
def test_nps_and_its_margin_stay_in_bounds(answers: list[int]) -> None:
    wave = nps(answers)
    assert wave.score is not None
    assert wave.margin is not None
    assert -100 <= wave.score <= 100
    assert 0 <= wave.margin <= 196
    assert wave.promoters + wave.passives + wave.detractors == wave.n == len(answers)


@given(some.lists(some.integers(0, 10), min_size=1, max_size=50))
def test_four_times_the_answers_halve_the_margin(answers: list[int]) -> None:
    once, fourfold = nps(answers).margin, nps(answers * 4).margin
    assert once is not None
    assert fourfold == pytest.approx(once / 2)


def test_csat_is_mean_and_share_of_the_satisfied() -> None:
    wave = csat([5, 4, 3, 2])
    assert wave.mean.mean == 3.5
    assert wave.mean.margin == pytest.approx(1.265, abs=0.001)
    assert wave.satisfied == 0.5


def test_one_answer_has_a_mean_and_no_margin() -> None:
    assert ces([6]) == Mean(6, None, 1)


@given(some.lists(some.integers(1, 7), min_size=2))
def test_a_mean_stays_on_its_scale(answers: list[int]) -> None:
    wave = ces(answers)
    assert wave.mean is not None
    assert 1 <= wave.mean <= 7


@pytest.mark.parametrize(("score", "answer"), [(nps, 11), (nps, -1), (csat, 0), (ces, 8)])
def test_an_answer_off_the_scale_is_refused(
    score: Callable[[list[int]], object], answer: int
) -> None:
    with pytest.raises(ValueError, match=f"not {answer}"):
        score([answer])
