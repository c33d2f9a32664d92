"""What changed, word by word, and never at a price."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.text_difference import (
    ADDED,
    REMOVED,
    SAME,
    Difference,
    compare_fields,
    compare_texts,
    compare_words,
    cut_words,
)
from portal.search.analysis import cut_chinese

WORDS = st.text(alphabet="ab两级够了 \n，.", max_size=60)


@given(WORDS, WORDS)
def test_what_stays_and_goes_is_the_old_text_and_what_stays_and_comes_the_new(
    old: str, new: str
) -> None:
    segments = compare_words(old, new, cut_chinese)
    assert "".join(words for words, kind in segments if kind != ADDED) == old
    assert "".join(words for words, kind in segments if kind != REMOVED) == new


@given(WORDS, WORDS)
def test_lines_come_back_as_well(old: str, new: str) -> None:
    lines = compare_texts(old, new, cut_chinese)
    for text, gone in ((old, ADDED), (new, REMOVED)):
        kept = [
            "".join(words for words, kind in line.segments if kind != gone)
            for line in lines
            if line.kind != gone
        ]
        assert kept == text.splitlines()


@given(WORDS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert Difference((), compare_texts(text, text)).empty


def test_english_is_compared_by_words() -> None:
    assert compare_words("Two levels are enough.", "Three levels are enough.") == (
        ("Two", REMOVED),
        ("Three", ADDED),
        (" levels are enough.", SAME),
    )


def test_a_long_paragraph_is_still_compared_by_words() -> None:
    words = [f"w{number % 397}" for number in range(5000)]
    edited = [f"x{at}" if at % 50 == 0 else word for at, word in enumerate(words)]
    found = compare_words(" ".join(words), " ".join(edited))
    assert sum(kind == ADDED for _, kind in found) == 100


def test_chinese_is_compared_by_words_in_both_scripts() -> None:
    for old, new, word in (
        ("每周一发送使用报表。", "每周一发送使用数据。", ("报表", "数据")),
        ("每週一發送使用報表。", "每週一發送使用資料。", ("報表", "資料")),
    ):
        segments = compare_words(old, new, cut_chinese)
        assert [one for one in segments if one[1] != SAME] == [
            (word[0], REMOVED),
            (word[1], ADDED),
        ]


def test_a_changed_line_is_one_line_and_another_one_two() -> None:
    lines = compare_texts("one two three\nlast", "one two four\nlast")
    assert [line.kind for line in lines] == ["changed", "same"]
    lines = compare_texts("one two three", "nothing of it")
    assert [line.kind for line in lines] == [REMOVED, ADDED]


def test_fields_say_what_differs() -> None:
    old = {"title": "A b", "features": ["x"], "audience": {"accounts": ["acme"]}}
    new = {"title": "A c", "features": ["x"], "audience": "public"}
    assert [change.key for change in compare_fields(old, new)] == ["title", "audience"]


def test_words_are_counted() -> None:
    difference = Difference((), compare_texts("one two three", "one four five three"))
    assert difference.counts == (2, 1)


def test_what_repeats_itself_is_shown_whole_instead_of_compared() -> None:
    old, new = "a " * 16_000, "b " + "a " * 15_000 + "c"
    assert "".join(words for words, kind in compare_words(old, new) if kind != ADDED) == old
    lines = compare_texts("\n" * 60_000, "x\n" * 30_000)
    assert len(lines) == 90_000


@given(WORDS)
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(cut_words(text, cut_chinese)) == text
