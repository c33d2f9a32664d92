"""Meaning beside words, with a model that a test can reckon: a point for each topic."""

import gc
from pathlib import Path
from weakref import ref

import numpy as np
import pytest

from portal.search import Engine, meaning_model
from portal.search.meaning import Meanings
from portal.search.meaning_model import DIMENSIONS, Model
from portal.search.meaning_store import MeaningStore
from portal.search.passages import passages
from tests.search.library import CUSTOMER, PUBLIC, VENDOR, document, ids

TOPICS = (
    ("password", "密码", "credential"),
    ("holiday", "休假", "furlough"),
    ("route", "路线", "trip"),
)
SHELF = (
    document("reset.en", "Reset your password", "Choose it on the page."),
    document("holiday.zh-Hans", "休假", "安排代理人。"),
    document("routes.en", "Plan a route", "A whole week.", audience=frozenset({"vendor"})),
    document("long.en", "Notes", "Nothing to see here. " * 60 + "The trip of the van."),
)


class Topics:
    """Stands in for the library: as near as two texts share topics."""

    asked = 0

    def encode(self, text: str, *, is_query: bool) -> np.ndarray:
        Topics.asked += is_query
        vector = np.full(DIMENSIONS, 0.01, np.float32)
        for place, words in enumerate(TOPICS):
            vector[place] += any(word in text.lower() for word in words)
        return vector / np.linalg.norm(vector)


def test_files_of_a_generation_that_is_over_are_let_go(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    engine.learn()
    assert _found(engine, "credential")[0] == "reset.en"
    held = ref(engine._newest().tables)
    engine.rebuild(SHELF, 2)
    gc.collect()
    assert held() is None


def test_a_question_asked_again_is_not_worked_out_again(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    made = Model(Topics())
    engine._meanings = Meanings(tmp_path, lambda: made)
    engine.learn()
    first = _found(engine, "credential")
    before = Topics.asked
    assert _found(engine, "credential", limit=1) == first[:1]
    assert Topics.asked == before


@pytest.fixture
def searching(tmp_path: Path) -> Engine:
    return _engine(tmp_path)


def _engine(folder: Path) -> Engine:
    engine = Engine(folder)
    engine._meanings = Meanings(folder, lambda: Model(Topics()))
    engine.rebuild(SHELF, 1)
    return engine


def _found(engine: Engine, question: str, **given: object) -> list[str]:
    asked = {"locale": "en", "audiences": CUSTOMER, "by_meaning": True, **given}
    return ids(engine.search(question, **asked))  # type: ignore[arg-type] # keywords of each test


def test_a_question_finds_what_only_the_other_language_says(searching: Engine) -> None:
    assert _found(searching, "who signs while on furlough") == []
    assert searching.learn() == 0
    assert _found(searching, "who signs while on furlough") == ["holiday.zh-Hans"]
    assert _found(searching, "credential")[0] == "reset.en"


def test_found_by_meaning_is_told_and_counted(searching: Engine) -> None:
    searching.learn()
    results = searching.search("credential", locale="en", audiences=CUSTOMER, by_meaning=True)
    assert results.hits[0].by_meaning
    assert results.total == results.near == len(results.hits)
    assert sum(results.facets["type"].values()) == results.total
    by_word = searching.search("password", locale="en", audiences=CUSTOMER, by_meaning=True)
    assert not by_word.hits[0].by_meaning


@pytest.mark.parametrize(
    ("question", "weak"),
    [
        ("credential", False),  # by meaning, and near
        ("strange subject", True),  # by meaning, far from all
        ("strange password", False),  # far or not, half of it by words
        ("strange queer password", False),
        ("some queer subject notes", True),
    ],
)
def test_an_answer_far_from_the_question_is_told(
    searching: Engine, monkeypatch: pytest.MonkeyPatch, question: str, *, weak: bool
) -> None:
    monkeypatch.setattr("portal.search.meaning.far", lambda _text: 0.6)
    searching.learn()
    results = searching.search(question, locale="en", audiences=CUSTOMER, by_meaning=True)
    assert results.total
    assert results.weak is weak


def test_without_meanings_only_nothing_is_a_weak_answer(searching: Engine) -> None:
    for question, weak in (("password zzz yyy", False), ("zzz", True)):
        assert searching.search(question, locale="en", audiences=PUBLIC).weak is weak


def test_what_a_reader_may_not_see_changes_nothing(tmp_path: Path) -> None:
    """Not even the nearest of all: it is taken out before the nearest is looked for."""
    everything, visible = _engine(tmp_path / "all"), Engine(tmp_path / "visible")
    visible._meanings = Meanings(tmp_path / "visible", lambda: Model(Topics()))
    visible.rebuild([one for one in SHELF if one.audience & CUSTOMER], 1)
    everything.learn()
    visible.learn()
    for question in ("trip", "route", "credential furlough", "nothing of this"):
        asked = {"locale": "en", "audiences": CUSTOMER, "by_meaning": True}
        whole, part = (one.search(question, **asked) for one in (everything, visible))  # type: ignore[arg-type] # mixed keywords
        assert whole == part, question
    assert "routes.en" in _found(everything, "trip", audiences=VENDOR)
    assert "routes.en" not in _found(
        everything, "trip", audiences=VENDOR, withdrawn=frozenset({"routes"})
    )


def test_the_passage_shown_is_the_one_that_is_near(searching: Engine) -> None:
    searching.learn()
    results = searching.search("路线", locale="en", audiences=PUBLIC, by_meaning=True)
    shown = "".join(text for text, _ in results.hits[0].passage_segments)
    assert results.hits[0].item_id == "long"
    assert shown.startswith("… Nothing")


def test_never_while_typing_nor_for_a_phrase_nor_where_nothing_was_learnt(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    Topics.asked = 0
    _found(engine, "credential")
    engine.learn()
    _found(engine, "credential", by_meaning=False)
    assert _found(engine, '"credential"') == []
    assert Topics.asked == 0


def test_what_was_learnt_outlives_rebuilds_and_is_shared(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    engine.learn()
    engine.rebuild([*SHELF, document("new", "A trip")], 2)
    other = Engine(tmp_path)
    other._meanings = Meanings(tmp_path, lambda: Model(Topics()))
    assert "long.en" in _found(other, "路线")
    assert "new" not in _found(other, "路线")
    engine.learn()
    assert "new" in _found(other, "路线")


def test_learning_stops_in_time_and_goes_on_later(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    engine.rebuild([document(f"trip{number}", f"Trip {number}") for number in range(20)], 2)
    left = engine.learn(0.0)
    assert 0 < left < 20
    assert 0 < engine.learn(0.0) < left
    assert engine.learn() == 0


def test_forgets_texts_that_are_gone(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    engine.learn()
    file = next(tmp_path.glob("meaning-*.bin"))
    before = file.stat().st_size
    engine.rebuild(SHELF[:1], 2)
    engine.learn()
    assert file.stat().st_size < before / 2
    assert _found(engine, "credential") == ["reset.en"]


@pytest.mark.parametrize("damage", ["flipped", "torn", "emptied", "missing"])
def test_a_damaged_file_is_learnt_again(tmp_path: Path, damage: str) -> None:
    engine = _engine(tmp_path)
    engine.learn()
    file = next(tmp_path.glob("meaning-*.bin"))
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        flipped = content[:50] + bytes([content[50] ^ 255]) + content[51:]
        file.write_bytes({"flipped": flipped, "torn": content[:-7], "emptied": b""}[damage])
    engine = _engine(tmp_path)
    assert engine.learn() == 0
    assert _found(engine, "credential") == ["reset.en"]


def test_vectors_survive_the_disk_nearly_whole(tmp_path: Path) -> None:
    dice = np.random.default_rng(5)
    vectors = dice.normal(size=(40, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store = MeaningStore(tmp_path)
    store.add(range(1, 41), vectors)
    rows = store.vectors().rows(np.arange(0, 41, dtype=np.uint64))
    assert rows[0] == -1
    nearness = store.vectors().nearness(vectors[7])[rows[1:]]
    assert np.abs(nearness - vectors @ vectors[7]).max() < 0.005


def test_passages_cover_the_text_and_end_with_sentences() -> None:
    for text in ("One. " * 400, "第一句。" * 300, "x" * 3000, "a\nb\n" * 200, ""):
        pieces = passages("Title", text)
        assert pieces[0].text.startswith("Title")
        assert [one.start for one in pieces[1:]] == [one.end for one in pieces[:-1]]
        assert all(one.end - one.start <= 450 for one in pieces)
    assert max(one.end - one.start for one in passages("", "第一句。" * 300)) <= 180
    assert passages("", " \n ") == []


def test_a_processor_that_lacks_something_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "cpuinfo"
    old.write_text("processor : 0\nflags : fpu sse2 fma\n")
    monkeypatch.setattr(meaning_model, "_CPU", old)
    monkeypatch.setattr(meaning_model, "find_spec", lambda _: object())
    assert "avx2" in meaning_model.missing()
    meaning_model.model.cache_clear()
    assert meaning_model.model() is None
    meaning_model.model.cache_clear()


def test_without_the_extra_search_goes_by_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(meaning_model, "find_spec", lambda _: None)
    meaning_model.model.cache_clear()
    engine = Engine(tmp_path)
    engine.rebuild(SHELF, 1)
    assert engine.learn() == 0
    assert _found(engine, "password") == ["reset.en"]
    meaning_model.model.cache_clear()


def test_what_is_left_to_learn_is_told_only_where_it_can_be_learnt(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    engine._meanings = Meanings(tmp_path, lambda: Model(Topics()), lambda: "")
    assert engine.unlearnt() >= len(SHELF)
    lacking = Meanings(tmp_path, lambda: None, lambda: "not installed")
    assert lacking.unlearnt(engine._generation().tables) == 0
    engine.learn()
    assert engine.unlearnt() == 0
