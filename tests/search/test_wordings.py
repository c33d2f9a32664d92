"""What people type instead of the words of the text."""

from pathlib import Path

import pytest

from portal.search import Engine, Vocabulary
from portal.search.pinyin import spellings
from portal.search.synonyms import Synonyms
from tests.search.library import CUSTOMER, PUBLIC, document, engine, ids

SHELF = (
    document("reset.zh-Hans", "重置密码", "在登录页面选择忘记密码。"),
    document("report.zh-Hant", "每月報表", "寄給主管。"),
    document("sso.en", "Single sign-on", "Set SAML_RESPONSE in the form; see ERR-4012: timeout."),
    document("cpp.en", "Build with C++", "Version v2.3.1 and later. Not C, not v2.3.2."),
    document("other.en", "Another page", "SAML and a response, an ERR or 4012, version v2.3.0."),
    document("hidden.en", "重置机器", "C++", audience=frozenset({"vendor"})),
)


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(tmp_path_factory.mktemp("index"), SHELF)


def _found(searching: Engine, question: str, locale: str = "zh-Hans", **given: bool) -> list[str]:
    return ids(searching.search(question, locale=locale, audiences=CUSTOMER, **given))  # type: ignore[arg-type] # keywords of each test


@pytest.mark.parametrize(
    "typed", ["czmm", "zzmm", "chongzhimima", "chongzhi", "chong zhi mi ma", "mima", "mm", "CZMM"]
)
def test_titles_by_pinyin_and_by_its_initials(searching: Engine, typed: str) -> None:
    for as_you_type in (True, False):
        assert _found(searching, typed, as_you_type=as_you_type)[0] == "reset.zh-Hans"


@pytest.mark.parametrize(
    ("typed", "locale", "marked"),
    [
        ("czmm", "zh-Hans", "重置密码"),
        ("cz", "zh-Hans", "重置"),
        ("chongzhim", "zh-Hans", "重置密"),
        ("chong zhi mi ma", "zh-Hans", "重置密码"),
        ("mima", "zh-Hans", "密码"),
        ("mybb", "zh-Hant", "每月報表"),
    ],
)
def test_the_characters_that_were_spelt_are_marked(
    searching: Engine, typed: str, locale: str, marked: str
) -> None:
    found = searching.search(typed, locale=locale, audiences=CUSTOMER, as_you_type=True)
    assert "".join(words for words, hit in found.hits[0].title_segments if hit) == marked


@pytest.mark.parametrize("typed", ["meiyuebaobiao", "mybb", "bb", "baobi"])
def test_traditional_titles_are_spelt_as_simplified_ones(searching: Engine, typed: str) -> None:
    assert _found(searching, typed, "zh-Hant")[0] == "report.zh-Hant"


def test_pinyin_tells_nothing_of_hidden_titles(searching: Engine) -> None:
    assert _found(searching, "chongzhijiqi") == []
    assert searching.search("chongzhijiqi", locale="zh-Hans", audiences=PUBLIC).total == 0


def test_each_reading_and_each_word_begins_a_spelling() -> None:
    assert {"chongzhimima", "zhongzhimima", "czmm", "mima", "mm"} <= spellings("重置密码")
    assert spellings("Reset") == set()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("ERR-4012: timeout", "sso.en"),
        ("SAML_RESPONSE", "sso.en"),
        ("samlresponse", "sso.en"),
        ("C++", "cpp.en"),
        ("v2.3.1", "cpp.en"),
        ('"v2.3.1"', "cpp.en"),
        ('"ERR-4012"', "sso.en"),
    ],
)
def test_codes_and_messages_with_their_punctuation(
    searching: Engine, question: str, first: str
) -> None:
    assert _found(searching, question, "en")[0] == first


def test_a_quoted_code_finds_nothing_else(searching: Engine) -> None:
    assert _found(searching, '"ERR-4012"', "en") == ["sso.en"]
    assert _found(searching, '"v2.3.1"', "en") == ["cpp.en"]


def test_ways_to_ask_the_same_in_chinese_are_one(tmp_path: Path) -> None:
    asking = engine(
        tmp_path, (document("a.zh-Hans", "如何开始"), document("b.zh-Hans", "何时开始"))
    )
    assert _found(asking, "怎么开始")[0] == "a.zh-Hans"
    assert _found(asking, "什么时候开始")[0] == "b.zh-Hans"


@pytest.mark.parametrize(
    ("question", "locale", "item"),
    [("password", "en", "reset.zh-Hans"), ("单点登录", "zh-Hans", "sso.en"), ("報表", "en", "")],
)
def test_terms_of_the_trade_find_the_other_language(
    searching: Engine, question: str, locale: str, item: str
) -> None:
    found = _found(searching, question, locale)
    assert item in found if item else "sso.en" not in found


def _taught(folder: Path, vocabulary: Vocabulary) -> Engine:
    made = Engine(folder)
    made.rebuild(SHELF, 1, vocabulary)
    return made


def test_synonyms_of_one_word_and_of_several(tmp_path: Path) -> None:
    taught = _taught(
        tmp_path, Vocabulary(synonyms=(("gizmo", "single sign-on"), ("kpi", "每月报表", "figures")))
    )
    assert _found(taught, "gizmo", "en") == ["sso.en"]
    assert _found(taught, "our KPI please", "en") == ["report.zh-Hant"]
    assert _found(taught, "figures", "en") == ["report.zh-Hant"]
    assert set(_found(taught, "sign of figures", "en")) == {"report.zh-Hant", "sso.en"}


def test_another_vocabulary_needs_no_new_texts(tmp_path: Path) -> None:
    taught = _taught(tmp_path, Vocabulary(synonyms=(("gizmo", "c++"),)))
    assert _found(taught, "gizmo", "en") == ["cpp.en"]
    taught.revise((), (), 2, Vocabulary())
    assert _found(taught, "gizmo", "en") == []


def test_stop_words_find_nothing_beside_others(tmp_path: Path) -> None:
    taught = _taught(tmp_path, Vocabulary(stop_words=frozenset({"Page"})))
    assert _found(taught, "page C++", "en") == ["cpp.en"]
    assert _found(taught, "page", "en") == ["other.en"]


def test_a_built_in_stop_word_that_is_lifted_counts(tmp_path: Path) -> None:
    shelf = [document("us.en", "Plants of the US", ""), document("other.en", "Plants", "")]
    made = Engine(tmp_path)
    made.rebuild(shelf, 1)
    assert set(_found(made, "plants us", "en")) == {"us.en", "other.en"}
    made.revise((), (), 2, Vocabulary(lifted=frozenset({"US"})))
    assert _found(made, "us", "en") == ["us.en"]
    assert _found(made, "plants us", "en")[0] == "us.en"


def test_the_longest_phrase_stands_for_its_group() -> None:
    synonyms = Synonyms((("single sign on", "sso"), ("sign", "mark"), ("sso", "portal login")))
    assert synonyms.others(("singl", "sign", "on")) == [("sso",), ("单", "点", "登", "录")]
    assert ("mark",) in synonyms.others(("sign",))
