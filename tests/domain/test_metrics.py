import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.metrics import (
    Change,
    account_depth,
    activation_rate,
    feature_depth,
    share,
    stickiness,
)


def test_a_share_of_nothing_is_unknown() -> None:
    assert share(3, 4) == 0.75
    assert share(0, 4) == 0
    assert share(0, 0) is None


def test_activation_is_against_seats_and_may_exceed_one() -> None:
    assert activation_rate(12, 10, 20) == 1.2
    assert activation_rate(12, None, 20) == 0.6
    assert activation_rate(0, None, 0) is None


def test_stickiness_is_over_thirty_days() -> None:
    assert stickiness([2] * 15, 2) == 0.5
    assert stickiness([0] * 30, 0) is None


def test_depth_of_a_feature() -> None:
    assert feature_depth(30, 5, 14, 6) == 0.5
    assert feature_depth(300, 5, 14, 6) == 1
    assert feature_depth(0, 0, 14, 6) == 0
    assert feature_depth(5, 1, 14, None) is None


def test_depth_of_an_account_leaves_out_what_has_no_target() -> None:
    assert account_depth([0.5, None, 1.0]) == 0.75
    assert account_depth([None]) is None


@given(st.integers(0, 10_000), st.integers(1, 500), st.integers(1, 800), st.floats(0.001, 1_000))
def test_depth_stays_between_nothing_and_one(
    uses: int, persons: int, days: int, target: float
) -> None:
    depth = feature_depth(uses, persons, days, target)
    assert depth is not None
    assert 0 <= depth <= 1


def test_a_change_against_nothing_is_unknown() -> None:
    assert Change(5, 4).relative == pytest.approx(0.25)
    assert Change(5, 4).difference == 1
    assert Change(5, 0).relative is None
    assert Change(5, None).difference is None
    assert Change(None, 5).relative is None


def test_a_beginning_is_no_growth() -> None:
    assert Change(100, 10).relative == pytest.approx(9.0)
    assert Change(101, 10).relative is None
    assert Change(5, 0).relative is None
