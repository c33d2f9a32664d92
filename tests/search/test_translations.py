"""Words of two languages are learnt from texts in both, and find texts that are in one only."""

from pathlib import Path

import pytest

from portal.search import Document, Engine
from portal.search.meaning import Meanings
from portal.search.translations import Translations
from tests.search.library import PUBLIC, VENDOR, document, ids

_SAID = (
    ("The warehouse opens early", "仓库很早开门"),
    ("Close the warehouse at night", "晚上关闭仓库"),
    ("A pallet for each lorry", "每辆卡车一个托盘"),
    ("Weigh the pallet", "称一下托盘"),
    ("The lorry leaves at noon", "卡车中午出发"),
    ("Early orders leave at noon", "很早的订单中午出发"),
)
_VENDOR = frozenset({"vendor"})


def _both(
    name: str, english: str, chinese: str, audience: frozenset[str] = PUBLIC
) -> tuple[Document, ...]:
    return (
        document(f"{name}.en", english, audience=audience),
        document(f"{name}.zh-Hans", chinese, audience=audience),
    )


_BOTH = tuple(one for at, said in enumerate(_SAID) for one in _both(f"both{at}", *said))
_ALONE = document("alone.zh-Hans", "托盘的清洗步骤")


def _engine(folder: Path, documents: tuple[Document, ...]) -> Engine:
    made = Engine(folder)
    made._meanings = Meanings(folder, lambda: None)
    made.rebuild(documents, 1)
    made.learn()
    return made


@pytest.mark.parametrize(
    ("english", "chinese"), [("warehous", "仓库"), ("pallet", "托盘"), ("lorri", "卡车")]
)
def test_words_that_stand_together_are_a_pair(tmp_path: Path, english: str, chinese: str) -> None:
    _engine(tmp_path, _BOTH)
    learnt = Translations(tmp_path)
    strengths = learnt.of([english])
    assert max(strengths, key=strengths.__getitem__) == chinese
    assert english in learnt.of([chinese])
    assert all(0 < strength <= 1 for strength in strengths.values())


def test_a_question_finds_what_is_in_the_other_language_only(tmp_path: Path) -> None:
    searching = _engine(tmp_path, (*_BOTH, _ALONE))
    for by_meaning, found in ((True, True), (False, False)):
        results = searching.search("pallet", locale="en", audiences=PUBLIC, by_meaning=by_meaning)
        assert ("alone.zh-Hans" in ids(results)) is found
        assert ids(results)[0] == "both3.en"


def test_hidden_texts_teach_nothing(tmp_path: Path) -> None:
    hidden = tuple(
        one
        for at, (english, chinese) in enumerate(_SAID)
        for one in _both(f"both{at}", english, chinese, audience=_VENDOR)
    )
    searching = _engine(tmp_path, (*hidden, _ALONE))
    results = searching.search("pallet", locale="en", audiences=VENDOR, by_meaning=True)
    assert "alone.zh-Hans" not in ids(results)
    assert Translations(tmp_path).of(["pallet"]) == {}


def test_a_damaged_file_is_passed_over_and_written_anew(tmp_path: Path) -> None:
    searching = _engine(tmp_path, _BOTH)
    path = tmp_path / "translations.json"
    whole = path.read_bytes()
    for damage in (b"", b"\xff{", b"[1]", whole[:-9]):
        path.write_bytes(damage)
        assert Translations(tmp_path).of(["pallet"]) == {}
        assert searching.search("pallet", locale="en", audiences=PUBLIC, by_meaning=True).total
        searching.learn()
        assert path.read_bytes() == whole


def test_learning_again_changes_nothing_until_texts_do(tmp_path: Path) -> None:
    searching = _engine(tmp_path, _BOTH)
    path = tmp_path / "translations.json"
    before = path.stat().st_ino
    searching.learn()
    assert path.stat().st_ino == before
    searching.rebuild(_BOTH[:2], 2)
    searching.learn()
    assert Translations(tmp_path).of(["pallet"]) == {}


def test_everyday_words_find_the_other_language_without_being_learnt(tmp_path: Path) -> None:
    searching = _engine(
        tmp_path, (document("bill.zh-Hans", "账单在哪里"), document("stock.en", "Count the stock"))
    )
    for question, found in (("invoice or receipt", "bill.zh-Hans"), ("盘点仓库", "stock.en")):
        results = searching.search(question, locale="en", audiences=PUBLIC, by_meaning=True)
        assert ids(results) == [found]
        plain = searching.search(question, locale="en", audiences=PUBLIC)
        assert plain.total == 0


def test_as_one_types_strange_words_are_looked_for_in_the_other_language(tmp_path: Path) -> None:
    searching = _engine(
        tmp_path,
        (document("bill.zh-Hans", "账单在哪里"), document("pay.en", "Pay the invoice at the desk")),
    )

    def typed(question: str) -> list[str]:
        return ids(searching.search(question, locale="en", audiences=PUBLIC, as_you_type=True))

    assert typed("receipt") == ["bill.zh-Hans"]
    # What stands here as it was typed is not looked for elsewhere, nor is what is quoted.
    assert typed("pay invoice") == ["pay.en"]
    assert typed('"receipt"') == []


def test_of_many_ways_to_say_one_word_the_strongest_counts(tmp_path: Path) -> None:
    """A text that says the boss in three ways is not thrice about him."""
    texts = (
        document("bosses.zh-Hans", "老板 上司 主管 午饭"),
        document("boss.zh-Hans", "老板 明天 下雨 午饭"),
    )
    searching = _engine(tmp_path, (*texts, *(document(f"{n}.zh-Hans", "午饭") for n in range(4))))
    found = searching.search("superior", locale="zh-Hans", audiences=PUBLIC, by_meaning=True)
    assert set(ids(found)) == {"bosses.zh-Hans", "boss.zh-Hans"}
    scores = [hit.score for hit in found.hits]
    assert max(scores) < 1.7 * min(scores)
