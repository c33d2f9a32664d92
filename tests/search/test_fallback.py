"""Without an index the answers are plainer, and keep every promise on who may see what."""

import random
from pathlib import Path

import pytest

from portal.search import scan
from tests.search.library import (
    CUSTOMER,
    OSKELUND,
    PUBLIC,
    SHELF,
    VENDOR,
    engine,
    ids,
    random_documents,
)


@pytest.mark.parametrize(
    ("question", "locale", "found"),
    [
        ("reset password", "en", ["reset.en"]),
        ("忘記密碼", "zh-Hans", ["reset.zh-Hans"]),
        ("重置密码", "en", ["reset.en"]),
        ('"sign-in page"', "en", ["reset.en"]),
        ('"page sign-in"', "en", []),
        ("", "en", []),
        ("NOT " * 1500, "en", []),
        ("zeppelin", "en", []),
    ],
)
def test_answers(question: str, locale: str, found: list[str]) -> None:
    results = scan(SHELF, question, locale=locale, audiences=CUSTOMER)
    assert ids(results) == found
    assert results.total == len(found)


def test_marks_across_scripts() -> None:
    hit = scan(SHELF, "忘记密码", locale="zh-Hant", audiences=PUBLIC).hits[0]
    assert ("忘記密碼", True) in hit.passage_segments
    assert hit.title_segments == (("重設", False), ("密碼", True))


def test_hidden_and_withdrawn_documents_stay_away() -> None:
    assert ids(scan(SHELF, "zeppelin", locale="en", audiences=OSKELUND)) == ["oskelund"]
    gone = frozenset({"oskelund"})
    for audiences, withdrawn in ((VENDOR, frozenset()), (OSKELUND, gone)):
        results = scan(SHELF, "zeppelin", locale="en", audiences=audiences, withdrawn=withdrawn)
        assert (results.total, results.facets) == (0, {"type": {}, "feature": {}, "locale": {}})


def test_pages_and_types() -> None:
    documents = random_documents(2, 30)
    audiences = frozenset({"public", "vendor"})
    whole = scan(documents, "route", locale="en", audiences=audiences, limit=100)
    part = scan(documents, "route", locale="en", audiences=audiences, limit=3, offset=2)
    assert ids(part) == ids(whole)[2:5]
    some = scan(documents, "route", locale="en", audiences=audiences, types={"faq"}, limit=100)
    assert some.total == whole.facets["type"]["faq"] == len(some.hits)


def test_finds_at_least_what_the_index_finds_for_whole_words(tmp_path: Path) -> None:
    documents = random_documents(3, 40)
    searching = engine(tmp_path, documents)
    dice = random.Random(3)
    audiences = frozenset({"public", "account:a"})
    for _ in range(30):
        question = " ".join(dice.choices(["route", "driver", "客户", "报表", "shift"], k=2))
        given = {"locale": "en", "audiences": audiences, "limit": 100}
        by_rows = scan(documents, question, **given)  # type: ignore[arg-type] # mixed keywords
        by_index = searching.search(question, **given)  # type: ignore[arg-type] # mixed keywords
        items = {hit.item_id for hit in by_index.hits}
        assert items <= {hit.item_id for hit in by_rows.hits} | _by_characters(items, question)


def _by_characters(items: set[str], question: str) -> set[str]:
    """The index also finds a Chinese word whose characters stand apart; rows don't."""
    return items if any("\u4e00" <= one <= "\u9fff" for one in question) else set()
