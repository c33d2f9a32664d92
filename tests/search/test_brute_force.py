"""The engine against a plain reading of all documents, and against an index of the visible."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from portal.search import Document
from portal.search.analysis import Kind, Token, phrase_terms, tokens
from portal.search.query import Query, parse
from portal.search.synonyms import Synonyms
from tests.search.library import engine, ids, random_documents, random_question

READERS = (
    frozenset({"public"}),
    frozenset({"public", "customers", "account:a"}),
    frozenset({"public", "customers", "account:b"}),
    frozenset({"vendor"}),
    frozenset({"nobody"}),
)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_finds_and_counts_exactly_what_a_plain_reading_finds(seed: int, tmp_path: Path) -> None:
    documents = random_documents(seed, 60)
    searching = engine(tmp_path, documents)
    dice = random.Random(seed)
    found_any = 0
    for _ in range(200):
        question, audiences = random_question(dice), dice.choice(READERS)
        gone = frozenset(dice.sample([one.id for one in documents], 5))
        visible = [one for one in documents if one.audience & audiences and one.id not in gone]
        expected = _matching(visible, parse(question))
        results = searching.search(
            question, locale="en", audiences=audiences, limit=100, withdrawn=gone
        )
        assert {hit.item_id for hit in results.hits} == {one.item_id for one in expected}, question
        assert results.total == len(results.hits) == sum(results.facets["type"].values())
        _check_facets(documents, ids(results), results.facets["feature"])
        found_any += bool(expected)
    assert found_any > 100


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_answers_as_if_hidden_documents_did_not_exist(seed: int, tmp_path: Path) -> None:
    documents = random_documents(seed, 40)
    everything = engine(tmp_path / "everything", documents)
    dice = random.Random(seed)
    for number, audiences in enumerate(READERS):
        visible = tuple(one for one in documents if one.audience & audiences)
        only_visible = engine(tmp_path / f"reader{number}", visible)
        for _ in range(40):
            question = _with_slip(dice, random_question(dice))
            given = {"locale": dice.choice(["en", "zh-Hant"]), "as_you_type": dice.random() < 0.5}
            whole = everything.search(question, audiences=audiences, **given)  # type: ignore[arg-type] # mixed keywords
            part = only_visible.search(question, audiences=audiences, **given)  # type: ignore[arg-type] # mixed keywords
            assert whole == part, (question, audiences)


def test_pages_neither_overlap_nor_skip(tmp_path: Path) -> None:
    searching = engine(tmp_path, random_documents(7, 60))
    given = {"locale": "en", "audiences": frozenset({"public", "vendor"})}
    whole = ids(searching.search("route driver 客户", limit=100, **given))  # type: ignore[arg-type] # mixed keywords
    pages = [
        searching.search("route driver 客户", limit=7, offset=at, **given)  # type: ignore[arg-type] # mixed keywords
        for at in range(0, len(whole), 7)
    ]
    assert [one for page in pages for one in ids(page)] == whole
    assert {page.total for page in pages} == {len(whole)}


def test_filtering_by_type_keeps_the_counts_of_the_other_types(tmp_path: Path) -> None:
    searching = engine(tmp_path, random_documents(8, 60))
    audiences = frozenset({"public"})
    every = searching.search("route", locale="en", audiences=audiences, limit=100)
    some = searching.search("route", locale="en", audiences=audiences, limit=100, types=["faq"])
    assert some.total == every.facets["type"]["faq"] > 0
    assert {hit.type for hit in some.hits} == {"faq"}
    assert some.facets["type"] == every.facets["type"]


def test_order_of_the_documents_handed_in_does_not_matter(tmp_path: Path) -> None:
    documents = list(random_documents(9, 30))
    one = engine(tmp_path / "one", tuple(documents))
    random.Random(9).shuffle(documents)
    other = engine(tmp_path / "other", tuple(replace(each) for each in documents))
    audiences = frozenset({"public"})
    for question in ("route plan", "客户 报表", "dri"):
        first = one.search(question, locale="en", audiences=audiences)
        assert first == other.search(question, locale="en", audiences=audiences)


def _with_slip(dice: random.Random, question: str) -> str:
    at = dice.randrange(len(question))
    return question[:at] + question[at + 1 :] if dice.random() < 0.5 else question


def _check_facets(documents: tuple[Document, ...], shown: list[str], counted: object) -> None:
    features = [name for one in documents if one.id in shown for name in one.features]
    assert counted == {name: features.count(name) for name in features}


def _matching(documents: list[Document], query: Query) -> list[Document]:
    known = {token.term for one in documents for token in _tokens(one)}
    last = query.unfinished
    begun = last.word if last and last.term not in known else None
    others = Synonyms(()).others(query.order)
    return [one for one in documents if _matches(one, query, begun, others)]


def _tokens(document: Document) -> list[Token]:
    return list(tokens("\n".join((document.title, document.body, *document.features))))


def _matches(
    document: Document, query: Query, begun: str | None, others: list[tuple[str, ...]]
) -> bool:
    found = _tokens(document)
    terms = {token.term for token in found}
    if not all(_holds(document, phrase) for phrase in query.phrases):
        return False
    if any(word.term in terms for word in query.words):
        return True
    if any(set(characters) <= terms for characters in query.characters.values()):
        return True
    if any(other[0] in terms if len(other) == 1 else _holds(document, other) for other in others):
        return True
    words = [token.word for token in found if token.kind is Kind.PART]
    return begun is not None and any(word.startswith(begun) for word in words)


def _holds(document: Document, phrase: tuple[str, ...]) -> bool:
    for text in (document.title, document.body):
        terms = phrase_terms(tokens(text))
        places = range(len(terms) - len(phrase) + 1)
        if any(tuple(terms[at : at + len(phrase)]) == phrase for at in places):
            return True
    return False
