"""Two texts in one lose nothing of either."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.text_merge import merged

WORDS = st.lists(st.sampled_from(["One.", "Two.", "Three.", "- a\n- b"]), max_size=6)


@given(WORDS, WORDS)
def test_every_paragraph_of_both_is_there_in_its_order(first: list[str], second: list[str]) -> None:
    found = merged("\n\n".join(first), "\n\n".join(second)).strip("\n").split("\n\n")
    for wanted in (first, second):
        rest = iter(found)
        assert all(one in rest for one in wanted)


def test_what_both_say_stands_once_and_theirs_before_ours() -> None:
    assert merged("A\n\nB\n\nC\n", "A\n\nX\n\nC\n") == "A\n\nB\n\nX\n\nC\n"
    assert merged("A\n", "A\n") == "A\n"
    assert merged("", "") == ""


def test_texts_that_repeat_themselves_stand_whole() -> None:
    many = "a\n\n" * 1400
    assert merged(many, many).count("a") == 2800
