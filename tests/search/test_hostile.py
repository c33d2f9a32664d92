"""Whatever is typed gets an answer."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search import Engine
from tests.search.library import CUSTOMER, PUBLIC, document, engine


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(tmp_path_factory.mktemp("index"))


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "NOT " * 1500,
        "(" * 5000,
        "a* b* *c ?d",
        "x" * 10_000,
        "password " * 1200,
        "密" * 10_000,
        "\x00reset\x00password\x00",
        "\ud800 lone surrogate",
        "🔑🔒🧑‍🚀",
        "🔑 password",
        '"',
        '""""""""',
        '"' * 999,
        "title:password AND body:[a TO z] OR ^2 ~",
        "' OR 1=1; --",
        "../../etc/passwd",
        "İstanbul ǅ ﬁ ½ ß",
        "a\u0301" * 300,
        "\u202ereset",
        "-" * 600,
        "a-" * 600,
    ],
)
def test_any_question_is_answered(searching: Engine, question: str) -> None:
    for as_you_type in (False, True):
        results = searching.search(question, locale="en", audiences=PUBLIC, as_you_type=as_you_type)
        assert results.total >= len(results.hits)


def test_what_can_be_found_between_the_rubble_is_found(searching: Engine) -> None:
    for question in ("\x00reset\x00password\x00", "🔑 password", "password " * 1200):
        assert searching.search(question, locale="en", audiences=PUBLIC).total == 1


@given(st.text(max_size=80), st.sampled_from(["en", "zh-Hant", "xx", ""]))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_answered_and_segments_spell_the_title(
    searching: Engine, question: str, locale: str
) -> None:
    results = searching.search(question, locale=locale, audiences=CUSTOMER)
    for hit in results.hits:
        assert "".join(text for text, _ in hit.title_segments) == hit.title


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-5, -5), (10**9, 0), (5, 10**9)])
def test_any_page_is_answered(searching: Engine, limit: int, offset: int) -> None:
    results = searching.search(
        "password", locale="en", audiences=PUBLIC, limit=limit, offset=offset
    )
    assert results.total == 1


def test_any_document_is_taken(tmp_path_factory: pytest.TempPathFactory) -> None:
    dice = random.Random(5)
    strange = "".join(
        chr(dice.choice([dice.randrange(0x110000), 0, 32, 0xD800])) for _ in range(999)
    )
    documents = (
        document("strange", strange, strange[::-1]),
        document("empty", ""),
        document("long", "long", "needle " * 20_000),
        document("one-word", "one", "x" * 100_000),
    )
    searching = engine(tmp_path_factory.mktemp("index"), documents)
    hit = searching.search("needle", locale="en", audiences=PUBLIC).hits[0]
    assert hit.item_id == "long"
    assert sum(len(text) for text, _ in hit.passage_segments) < 300


def test_an_empty_library_answers_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    searching = engine(tmp_path_factory.mktemp("index"), ())
    assert searching.change_number == 1
    for question in ("", "password", '"reset password"', "密码"):
        assert searching.search(question, locale="en", audiences=PUBLIC).total == 0
