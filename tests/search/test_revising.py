"""Tables that were revised are, byte by byte, those that would have been built."""

import random
from dataclasses import replace

import numpy as np
import pytest

from portal.search import Document
from portal.search.revising import changes_of, revised
from portal.search.tables import Tables, build, in_order
from tests.search.library import document, random_documents


def _same(found: Tables, wanted: Tables) -> None:
    assert found.names == wanted.names
    assert sorted(found.arrays) == sorted(wanted.arrays), "what build makes, revising must make too"
    for name, values in wanted.arrays.items():
        assert found.arrays[name].dtype == values.dtype, name
        assert np.array_equal(found.arrays[name], values), name
    assert bytes(found.texts) == bytes(wanted.texts)


def _revise(before: Tables, documents: list[Document], items: set[str]) -> Tables:
    return revised(before, build(in_order(documents)), items)


@pytest.mark.parametrize("seed", range(8))
def test_many_revisions_one_after_another(seed: int) -> None:
    dice = random.Random(seed)
    everything = list(random_documents(seed, 50))
    known = {one.item_id: one for one in everything}
    current = {one.id: one for one in everything if dice.random() < 0.6}
    tables = build(in_order(current.values()))
    for number in range(2, 14):
        items = set(dice.sample(sorted(known), dice.randint(0, 6)))
        current = {key: one for key, one in current.items() if one.item_id not in items}
        fresh = [
            _changed(dice, one, number)
            for one in everything
            if one.item_id in items and dice.random() < 0.7
        ]
        current |= {one.id: one for one in fresh}
        tables = _revise(tables, fresh, items)
        _same(tables, build(in_order(current.values())))
    assert changes_of(tables) == {one.item_id: one.changed for one in current.values()}


def _changed(dice: random.Random, one: Document, number: int) -> Document:
    words = [f"word{dice.randrange(30)}", "über", "密碼", "sign-in", "FM-2040B"]
    return replace(
        one,
        title=f"{one.title} {dice.choice(words)}",
        body=" ".join(dice.choices(words, k=dice.randint(0, 9))),
        type=dice.choice(["faq", "guide", "course"]),
        locale=one.locale,
        changed=number,
    )


def test_from_nothing_and_to_nothing() -> None:
    documents = list(random_documents(5, 12))
    whole = build(in_order(documents))
    _same(_revise(build([]), documents, set()), whole)
    _same(_revise(whole, [], {one.item_id for one in documents}), build([]))


def test_what_is_not_held_can_be_taken_out() -> None:
    documents = list(random_documents(6, 5))
    whole = build(in_order(documents))
    _same(_revise(whole, [], {"never", "zzz", ""}), whole)


def test_first_and_last_place() -> None:
    middle = [document("m.en", "Middle words"), document("m.zh-Hans", "中间")]
    edges = [document("a", "Alpha middle"), document("z", "Omega 中间 middle")]
    _same(_revise(build(in_order(middle)), edges, set()), build(in_order([*middle, *edges])))
