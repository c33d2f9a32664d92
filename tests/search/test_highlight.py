from hypothesis import given
from hypothesis import strategies as st

from portal.search.highlight import PASSAGE, Mark, passage, whole

TEXT = (
    "Sign in first. " + "Nothing of interest stands here. " * 20
    + "To reset a password, open Settings. Choose Reset password. "
    + "More of nothing follows. " * 20
)  # fmt: skip


def _marks(text: str, *words: str) -> list[Mark]:
    return sorted(
        (at, at + len(word), number, 1.0)
        for number, word in enumerate(words)
        for at in range(len(text))
        if text.startswith(word, at)
    )


def test_the_best_passage_is_where_different_words_meet() -> None:
    segments = passage(TEXT, _marks(TEXT, "Sign", "reset", "password"))
    text = "".join(part for part, _ in segments)
    assert text.startswith("… To reset a password, open Settings.")
    assert text.endswith(" …")
    assert [part for part, hit in segments if hit] == ["reset", "password", "password"]


def test_without_a_mark_the_beginning_is_shown() -> None:
    (text, hit), (after, _) = passage(TEXT, [])
    assert TEXT.startswith(text)
    assert (hit, after) == (False, " …")


def test_marks_that_touch_become_one() -> None:
    assert whole("重置密码", _marks("重置密码", "重置", "密码")) == (("重置密码", True),)


def test_markup_stays_text() -> None:
    assert whole("<b>pay</b>", _marks("<b>pay</b>", "pay")) == (
        ("<b>", False), ("pay", True), ("</b>", False),
    )  # fmt: skip


@given(st.text(alphabet="ab .。\n", max_size=900), st.sampled_from(["a", "ab", "b.", "。"]))
def test_a_passage_is_a_piece_of_the_text(text: str, word: str) -> None:
    segments = passage(text, _marks(text, word))
    inner = "".join(part for part, _ in segments if part not in ("… ", " …"))
    assert inner in text
    assert len(inner) <= PASSAGE
    assert all(part and (not hit or word in part) for part, hit in segments)
    if word in text:
        assert any(hit for _, hit in segments)
