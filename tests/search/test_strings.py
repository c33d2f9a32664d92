"""Strings in one piece are the strings they were made of."""

import pytest

from portal.search.strings import Strings

PLAIN = ["", "a", "ab", "é", "密码", "\U00020000x", "重置"]


def test_they_read_as_a_list_does() -> None:
    strings = Strings(PLAIN)
    assert list(strings) == PLAIN
    assert len(strings) == len(PLAIN)
    assert [strings[at] for at in range(-len(PLAIN), len(PLAIN))] == PLAIN * 2
    assert strings[1:4] == PLAIN[1:4]
    with pytest.raises(IndexError):
        strings[len(PLAIN)]


def test_none_at_all() -> None:
    assert list(Strings([])) == []
