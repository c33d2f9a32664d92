import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.relevance import is_worse, ndcg


@pytest.mark.parametrize(
    ("found", "wanted", "unwanted", "expected"),
    [
        ("abc", "a", "", 1.0),
        ("bac", "a", "", 0.6309297535714575),  # 1 / log2(3)
        ("bca", "a", "", 0.5),  # 1 / log2(4)
        ("abc", "x", "", 0.0),
        ("ab", "ab", "", 1.0),
        ("ba", "ab", "", 1.0),
        ("0123456789a", "a", "", 0.0),
        ("ba", "a", "b", 0.0),
        ("ab", "a", "b", 1 - 0.6309297535714575),
        ("ab", "", "b", 0.0),
        ("a0123456789b", "", "b", 1.0),
        ("", "", "b", 1.0),
    ],
)
def test_by_hand(found: str, wanted: str, unwanted: str, expected: float) -> None:
    assert ndcg(found, wanted, unwanted) == pytest.approx(expected)


@given(st.permutations("abcdefghijkl"), st.sets(st.sampled_from("abcdefghijkl"), min_size=1))
def test_wanted_ones_first_is_best(found: list[str], wanted: set[str]) -> None:
    best = sorted(found, key=lambda one: one not in wanted)
    assert 0 <= ndcg(found, wanted) <= ndcg(best, wanted) == pytest.approx(1)


def test_what_differs_by_rounding_is_no_worse() -> None:
    assert not is_worse(0.1 + 0.2 - 1e-9, 0.3)
    assert is_worse(0.299, 0.3)
