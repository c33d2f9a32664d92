"""Nothing of a hidden document shows: no hit, no count, no suggestion, no trace in a score."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal.search import Engine
from tests.search.library import (
    CUSTOMER,
    OSKELUND,
    PUBLIC,
    QUILLON,
    SHELF,
    VENDOR,
    document,
    engine,
    ids,
)


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(tmp_path_factory.mktemp("index"))


def test_own_account_finds_its_note(searching: Engine) -> None:
    results = searching.search("zeppelin depot", locale="en", audiences=OSKELUND)
    assert ids(results) == ["oskelund"]


@pytest.mark.parametrize("audiences", [PUBLIC, CUSTOMER, QUILLON, VENDOR, frozenset()])
@pytest.mark.parametrize(
    "question", ["zeppelin", "zepelin", "zep", '"zeppelin depot"', "Oskelund", "oskelnud"]
)
def test_others_learn_nothing_of_the_note(
    searching: Engine, audiences: frozenset[str], question: str
) -> None:
    for as_you_type in (False, True):
        results = searching.search(
            question, locale="en", audiences=audiences, as_you_type=as_you_type
        )
        assert results.total == 0
        assert results.hits == ()
        assert results.did_you_mean is None

        assert results.facets == {"type": {}, "feature": {}, "locale": {}}


def test_suggestion_comes_from_words_the_reader_can_see(searching: Engine) -> None:
    assert searching.search("zepelin", locale="en", audiences=OSKELUND).did_you_mean == "zeppelin"
    assert searching.search("discuonts", locale="en", audiences=VENDOR).did_you_mean == "discounts"
    assert searching.search("discuonts", locale="en", audiences=CUSTOMER).did_you_mean is None


def test_a_form_of_a_word_that_only_a_hidden_document_has_is_not_suggested(tmp_path: Path) -> None:
    documents = (
        document("open", "Acquisition of customers"),
        document("secret", "Acquisitional", audience=frozenset({"vendor"})),
    )
    results = engine(tmp_path, documents).search("acquisitionl", locale="en", audiences=PUBLIC)
    assert results.did_you_mean == "acquisition"


@pytest.mark.parametrize("beside", ["", " zzz", " zzzq", " zzz zzzz"])
def test_a_word_of_the_trade_is_no_slip_even_if_hidden(tmp_path: Path, beside: str) -> None:
    documents = (
        document("open", "In addition to dates"),
        document("secret", "Adoption by team", audience=frozenset({"vendor"})),
    )
    results = engine(tmp_path, documents).search(f"adoption{beside}", locale="en", audiences=PUBLIC)
    assert (results.did_you_mean, results.total) == (None, 0)


def test_no_audience_means_no_reader(tmp_path: Path) -> None:
    searching = engine(tmp_path, (document("orphan", "Orphan", audience=frozenset()),))
    assert searching.search("orphan", locale="en", audiences=VENDOR).total == 0


def test_withdrawn_documents_and_items_vanish_at_once(searching: Engine) -> None:
    def found(*gone: str) -> list[str]:
        results = searching.search(
            "password 密码", locale="en", audiences=PUBLIC, withdrawn=frozenset(gone)
        )
        assert results.total == len(results.hits)
        return ids(results)

    assert found() == ["reset.en"]
    assert found("reset.en") == ["reset.zh-Hans"]
    assert found("reset") == []
    assert found("no such id") == ["reset.en"]


def test_withdrawn_words_are_not_suggested(searching: Engine) -> None:
    results = searching.search(
        "zepelin", locale="en", audiences=OSKELUND, withdrawn=frozenset({"oskelund"})
    )
    assert (results.total, results.did_you_mean) == (0, None)


def test_narrowing_an_audience_takes_effect_with_the_rebuild(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    assert searching.search("scanner", locale="en", audiences=PUBLIC).total == 1
    narrowed = tuple(
        replace(one, audience=frozenset({"vendor"})) if one.item_id == "scanner" else one
        for one in SHELF
    )
    Engine(tmp_path).rebuild(narrowed, 2)
    assert searching.search("scanner", locale="en", audiences=PUBLIC).total == 0
    assert searching.search("scanner", locale="en", audiences=VENDOR).total == 1
