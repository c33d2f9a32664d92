"""Meanings made up at random: asking costs what it does with true ones, and learning nothing."""

from pathlib import Path

import numpy as np

from portal.search.index import Generation
from portal.search.meaning_model import DIMENSIONS
from portal.search.meaning_store import MeaningStore
from portal.search.storage import home

_AT_ONCE = 1000


def pretend_to_learn(folder: Path) -> int:
    """Of all passages of the index in the folder; how many they are."""
    tables = Generation(home(folder)).tables
    digests = list(dict.fromkeys(tables.arrays["passages.digest"].tolist()))
    dice, store = np.random.default_rng(7), MeaningStore(folder)
    for start in range(0, len(digests), _AT_ONCE):
        some = digests[start : start + _AT_ONCE]
        vectors = dice.normal(size=(len(some), DIMENSIONS)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        store.add(some, list(vectors))
    return len(digests)
