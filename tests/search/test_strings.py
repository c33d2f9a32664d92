"""Strings in one piece are the strings they were made of."""

import random
from bisect import bisect_left

import numpy as np
import pytest

from portal.search.strings import Strings, number_of, one_after_another, place_of, spliced

PLAIN = ["", "a", "ab", "é", "密码", "\U00020000x", "重置"]


def test_they_read_as_a_list_does() -> None:
    strings = Strings.of(PLAIN)
    assert list(strings) == PLAIN
    assert len(strings) == len(PLAIN)
    assert [strings[at] for at in range(-len(PLAIN), len(PLAIN))] == PLAIN * 2
    assert strings[1:4] == PLAIN[1:4]
    with pytest.raises(IndexError):
        strings[len(PLAIN)]


def test_none_at_all() -> None:
    assert list(Strings.of([])) == []


WORDS = sorted({f"w{number * number % 997}" for number in range(300)} | {*PLAIN, "￿", "\U0001f600"})


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 64, 65, len(WORDS)])
def test_a_string_is_found_where_a_list_has_it(count: int) -> None:
    some = WORDS[:: max(1, len(WORDS) // max(1, count))][:count]
    strings = Strings.of(some)
    for one in [*WORDS, "w", "w1000", "\U0010ffff"]:
        expected = some.index(one) if one in some else None
        assert strings.place(one) == place_of(some, one) == bisect_left(some, one)
        assert strings.find(one) == strings.find(one) == number_of(some, one) == expected


@pytest.mark.parametrize("seed", range(6))
def test_taken_out_and_put_in(seed: int) -> None:
    dice = random.Random(seed)
    base = sorted(dice.sample(WORDS, 60))
    new = sorted(set(dice.sample(WORDS, 20)) - set(base)) if seed else []
    alive = np.array([dice.random() < 0.8 for _ in base])
    at = np.array([bisect_left(base, one) for one in new], np.int64)
    staying = [one for one, stays in zip(base, alive, strict=True) if stays]
    assert list(spliced(Strings.of(base), alive, new, at)) == sorted(staying + new)


def test_stretches_of_several() -> None:
    one, other = Strings.of(WORDS), Strings.of(PLAIN)
    made = one_after_another([(one, 3, 9), (other, 0, 0), (other, 2, 7), (one, 0, 1)])
    assert list(made) == WORDS[3:9] + PLAIN[2:7] + WORDS[:1]
    assert list(one_after_another([])) == []
