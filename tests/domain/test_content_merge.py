import itertools

import pytest

from portal.domain.content_merge import OURS, THEIRS, Standing, Stored, settle, standing

NEW, SAME, FILE, HERE, BOTH = Standing


def test_the_three_texts_tell_who_changed() -> None:
    told = {
        (here, loaded, file): standing(file, Stored(here, loaded))
        for here, loaded, file in itertools.product("ab", "abc", "ab")
    }
    assert told == {
        ("a", "a", "a"): SAME,
        ("a", "a", "b"): FILE,
        ("a", "b", "a"): SAME,
        ("a", "b", "b"): HERE,
        ("a", "c", "a"): SAME,
        ("a", "c", "b"): BOTH,
        ("b", "a", "a"): HERE,
        ("b", "a", "b"): SAME,
        ("b", "b", "a"): FILE,
        ("b", "b", "b"): SAME,
        ("b", "c", "a"): BOTH,
        ("b", "c", "b"): SAME,
    }
    assert standing("a", None) == NEW


@pytest.mark.parametrize("side", [None, OURS, THEIRS])
def test_without_a_conflict_each_newer_one_is_taken(side: str | None) -> None:
    standings = {"en": FILE, "zh-Hans": HERE, "zh-Hant": SAME}
    assert settle(standings, side, agree=True) == (standings, frozenset())


def test_what_the_languages_share_must_agree() -> None:
    standings = {"en": FILE, "zh-Hans": HERE, "zh-Hant": SAME}
    assert settle(standings, None, agree=False)[1] == {"en", "zh-Hans"}
    theirs = settle(standings, THEIRS, agree=False)
    assert theirs == ({"en": FILE, "zh-Hans": FILE, "zh-Hant": SAME}, frozenset())


def test_a_side_settles_the_conflict_and_nothing_else() -> None:
    standings = {"en": BOTH, "zh-Hans": HERE, "zh-Hant": FILE}
    assert settle(standings, None, agree=True)[1] == {"en"}
    assert settle(standings, OURS, agree=True)[0]["en"] == HERE
    assert settle(standings, THEIRS, agree=True)[0] == {
        "en": FILE,
        "zh-Hans": HERE,
        "zh-Hant": FILE,
    }
