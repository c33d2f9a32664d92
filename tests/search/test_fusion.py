"""One order from words and meaning, where some texts are not learnt yet."""

import numpy as np

from portal.search.fusion import NEARNESS, fused
from portal.search.meaning import UNKNOWN

_WORDS = np.array([10.0, 8.0, 6.0, 4.0, 2.0, 9.0, 0.0])
_NEAR = np.array([0.60, 0.59, 0.58, 0.57, 0.56, UNKNOWN, UNKNOWN])
_MATCHED = _WORDS > 0


def _order(near: np.ndarray) -> list[int]:
    scores, found = fused(_WORDS, _MATCHED, near)
    return sorted(found.tolist(), key=lambda one: -scores[one])


def test_what_is_not_learnt_stands_where_its_words_let_expect_it() -> None:
    scores, found = fused(_WORDS, _MATCHED, _NEAR)
    assert 6 not in found
    # The cosine falls by .01 where the words tell two tenths less.
    assert abs(scores[5] - (0.9 - NEARNESS * 0.005)) < 1e-9
    assert _order(_NEAR) == [0, 5, 1, 2, 3, 4]


def test_where_nearness_says_nothing_of_words_it_is_as_near_as_the_rest() -> None:
    unrelated = np.array([0.56, 0.60, 0.56, 0.60, 0.58, UNKNOWN, UNKNOWN])
    scores, _ = fused(_WORDS, _MATCHED, unrelated)
    assert abs(scores[5] - (0.9 - NEARNESS * 0.02)) < 1e-9


def test_nothing_is_expected_nearer_than_the_nearest() -> None:
    words = np.array([10.0, 5.0, 4.5, 4.0])
    near = np.array([UNKNOWN, 0.60, 0.57, 0.54])
    scores, _ = fused(words, words > 0, near)
    assert scores[0] == 1.0


def test_without_enough_to_compare_with_words_decide() -> None:
    near = np.array([0.60, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN])
    assert _order(near) == [0, 5, 1, 2, 3, 4]
