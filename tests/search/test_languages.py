"""One question, three languages: the match may be in any version, the reader gets their own."""

from pathlib import Path

import pytest

from portal.search import Engine, Hit
from tests.search.library import PUBLIC, document, engine, ids


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(tmp_path_factory.mktemp("index"))


def _first(searching: Engine, question: str, locale: str) -> Hit:
    results = searching.search(question, locale=locale, audiences=PUBLIC)
    assert results.total, question
    return results.hits[0]


def _marked(segments: tuple[tuple[str, bool], ...]) -> list[str]:
    return [text for text, hit in segments if hit]


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize(
    "question",
    [
        "reset password",
        "重置密码",
        "重設密碼",
        "我应该如何重置我的登录密码？",
        "忘记密码了怎么办",
        "忘記密碼",
    ],
)
def test_each_reader_gets_their_own_version(searching: Engine, question: str, locale: str) -> None:
    results = searching.search(question, locale=locale, audiences=PUBLIC)
    assert results.total == 1
    assert ids(results) == [f"reset.{locale}"]


@pytest.mark.parametrize(
    ("locale", "item", "shown"),
    [("zh-Hant", "rollout", "zh-Hans"), ("en", "rollout", "zh-Hans"), ("zh-Hant", "routes", "en")],
)
def test_missing_version_falls_back(searching: Engine, locale: str, item: str, shown: str) -> None:
    question = {"rollout": "推广", "routes": "routes"}[item]
    assert _first(searching, question, locale).document_id == f"{item}.{shown}"


def test_traditional_question_marks_simplified_text(searching: Engine) -> None:
    hit = _first(searching, "忘記密碼", "zh-Hans")
    assert _marked(hit.title_segments) == ["密码"]
    assert "忘记密码" in _marked(hit.passage_segments)


def test_simplified_question_marks_traditional_text(searching: Engine) -> None:
    hit = _first(searching, "忘记密码", "zh-Hant")
    assert "忘記密碼" in _marked(hit.passage_segments)


def test_match_in_another_language_is_told(searching: Engine) -> None:
    hit = _first(searching, "重置", "en")
    assert (hit.locale, hit.matched_locale) == ("en", "zh-Hans")
    assert _marked(hit.title_segments) == []
    assert _first(searching, "reset password", "en").matched_locale == "en"


@pytest.mark.parametrize(
    "question", ["FM-2040B", "fm2040b", "fm 2040b", "2040B 扫描", "ＦＭ－2040Ｂ"]
)
def test_product_codes_and_mixed_questions(searching: Engine, question: str) -> None:
    assert _first(searching, question, "en").item_id == "scanner"


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("passwrod", "reset"),
        ("dispachers", "routes"),
        ("plan rotues", "routes"),
        ("scaner", "scanner"),
    ],
)
def test_slips_are_forgiven(searching: Engine, question: str, item: str) -> None:
    assert _first(searching, question, "en").item_id == item


def test_suggestion_keeps_the_rest_of_the_question(searching: Engine) -> None:
    results = searching.search("Plan my rotues, please", locale="en", audiences=PUBLIC)
    assert results.did_you_mean == "Plan my routes, please"


@pytest.mark.parametrize("typed", ["sc", "sca", "scan", "scann", "scanner"])
def test_results_from_the_second_letter_on(searching: Engine, typed: str) -> None:
    results = searching.search(f"pair {typed}", locale="en", audiences=PUBLIC, as_you_type=True)
    assert ids(results) == ["scanner.en"]
    assert results.did_you_mean is None


def test_beginning_of_a_known_word_is_taken_only_while_typing(tmp_path: Path) -> None:
    ports = engine(tmp_path, (document("port", "Port settings"), document("portal", "The portal")))
    finished = ports.search("port", locale="en", audiences=PUBLIC)
    assert ids(finished) == ["port"]
    typing = ports.search("port", locale="en", audiences=PUBLIC, as_you_type=True)
    assert ids(typing) == ["port", "portal"]


def test_phrases_are_neighbours_in_order(searching: Engine) -> None:
    for question, total in (
        ('"sign-in page"', 1),
        ('"page sign-in"', 0),
        ("「忘記密碼」", 1),
        ("“密码忘记”", 0),
        ('"recurring stops" password', 1),
    ):
        results = searching.search(question, locale="en", audiences=PUBLIC)
        assert results.total == total, question


def test_own_language_first_where_the_words_weigh_the_same(tmp_path: Path) -> None:
    twins = engine(tmp_path, (document("b.en", "计划 plan"), document("a.zh-Hans", "计划 plan")))
    for locale, found in (("zh-Hans", ["a.zh-Hans", "b.en"]), ("en", ["b.en", "a.zh-Hans"])):
        results = twins.search("计划 plan", locale=locale, audiences=PUBLIC)
        assert ids(results) == found


def test_feature_names_find_what_teaches_them(searching: Engine) -> None:
    results = searching.search("route planning", locale="en", audiences=PUBLIC)
    assert ids(results) == ["routes.en"]
    assert results.facets == {
        "type": {"practice": 1},
        "feature": {"route planning": 1},
        "locale": {"en": 1},
    }
