"""The best by blocks against a plain sort, with many ties; an item's version by a loop."""

import random

import numpy as np
import pytest

from portal.search.best import best
from portal.search.places import Places
from portal.search.tables import build, in_order
from tests.search.library import random_documents


@pytest.mark.parametrize("size", [1, 31, 32, 33, 700])
def test_the_best_are_those_of_a_plain_sort(size: int) -> None:
    dice = random.Random(size)
    for _ in range(60):
        scores = [dice.choice([-np.inf, -2.5, 0.0, 1.0, dice.random()]) for _ in range(size)]
        items = dice.sample(range(size), size)
        wanted = dice.randint(0, size)
        plain = sorted(range(size), key=lambda place: (-scores[place], items[place]))
        assert best(np.array(scores), np.array(items), wanted).tolist() == plain[:wanted]


def test_an_item_has_the_score_of_its_best_version() -> None:
    tables = build(in_order(random_documents(2, 50)))
    places = Places(tables)
    scores = np.random.default_rng(2).random(len(tables.names["id"]))
    expected = np.zeros(len(tables.names["item"]))
    for item, score in zip(tables.arrays["item"], scores, strict=True):
        expected[item] = max(expected[item], score)
    assert (places.highest(scores[places.documents]) == expected[places.items]).all()
    assert (places.documents[places.slot_of] == np.arange(len(scores))).all()
    assert (places.items[places.place_of] == np.arange(len(expected))).all()
