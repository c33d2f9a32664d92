"""Which documents mean what a question means, whatever their words and language.

An exact comparison with every passage. What a reader may not see is taken out before anything is
chosen, and passages that nobody has computed yet are passed over.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from weakref import ref

import numpy as np

from portal.search.meaning_model import Model, far, missing, model
from portal.search.meaning_store import MeaningStore, Vectors
from portal.search.passages import passages
from portal.search.tables import Array, Tables

UNKNOWN = -2.0
"""Below any cosine."""
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Nearness:
    """By document how near it is to the question, UNKNOWN where there is nothing to compare: the
    mean of three cosines, that of its nearest passage (what is said somewhere), that of its first
    (what it begins with: the title and the gist) and the mean of all (what it is about). Of our own
    texts this finds .88 of the questions in the first three, the nearest passage alone .83.
    """

    documents: Array
    far: bool
    """Even the nearest is far from the question."""
    _passages: Array
    _tables: Tables

    def place(self, document: int) -> int | None:
        """Where in the body the nearest passage begins."""
        if self.documents[document] == UNKNOWN:
            return None
        arrays = self._tables.arrays
        first, end = arrays["passages.starts"][document : document + 2].tolist()
        return int(arrays["passages.at"][first + int(self._passages[first:end].argmax())])


class Meanings:
    """The passages of one folder of indexes; safe for many threads and processes."""

    def __init__(
        self,
        folder: Path,
        ask: Callable[[], Model | None] = model,
        lacking: Callable[[], str] = missing,
    ) -> None:
        self._store = MeaningStore(folder)
        self._ask, self._lacking = ask, lacking
        self._known: tuple[ref[Tables], Vectors, Array] | None = None

    def near(self, text: str, tables: Tables, mask: Array) -> Nearness | None:
        """None where nothing can be compared; the model is only loaded where something can."""
        vectors, rows = self._rows(tables)
        if not text.strip() or not (rows >= 0).any():
            return None
        asked = self._ask()
        if asked is None:
            return None
        return _compared(vectors.nearness(asked.question(text)), rows, tables, mask, far(text))

    def learn(self, tables: Tables, seconds: float) -> int:
        """Computes what is missing, a few passages at a time, and stops after so many seconds; how
        many are missing still (none where there is no model).
        """
        wanted = np.flatnonzero(self._rows(tables)[1] < 0)
        self._store.keep_only(tables.arrays["passages.digest"])
        asked = self._ask() if len(wanted) else None
        if asked is None:
            return 0
        until = time.monotonic() + seconds
        for some in _batches(_texts_of(tables, wanted)):
            self._store.add(list(some), asked.passages(list(some.values())))
            if time.monotonic() > until:
                break
        return int((self._rows(tables)[1] < 0).sum())

    def unlearnt(self, tables: Tables) -> int:
        """None where there can be no model; it is not loaded for this."""
        return 0 if self._lacking() else int((self._rows(tables)[1] < 0).sum())

    def _rows(self, tables: Tables) -> tuple[Vectors, Array]:
        """The vectors there are, and which of them each passage has. Tables whose generation is
        over are not held for this: their files stay mapped as long as somebody has them.
        """
        vectors, known = self._store.vectors(), self._known
        if known is None or known[0]() is not tables or known[1] is not vectors:
            rows = vectors.rows(tables.arrays["passages.digest"])
            known = self._known = (ref(tables), vectors, rows)
        return known[1:]


def _compared(found: Array, rows: Array, tables: Tables, mask: Array, least: float) -> Nearness:
    by_passage = np.append(found, np.float32(UNKNOWN))[rows]
    owners = _owners(tables)
    known = rows >= 0
    nearest = np.full(len(mask), UNKNOWN, np.float32)
    np.maximum.at(nearest, owners, by_passage)
    counts = np.bincount(owners, known, len(mask))
    mean = np.bincount(owners, np.where(known, by_passage, 0.0), len(mask)) / np.maximum(counts, 1)
    first = np.append(by_passage, np.float32(UNKNOWN))[tables.arrays["passages.starts"][:-1]]
    first = np.where(first > UNKNOWN, first, nearest)
    # The last digits depend on how many are multiplied at once, hidden ones among them.
    documents = np.round(np.where(mask & (counts > 0), (nearest + mean + first) / 3, UNKNOWN), 5)
    return Nearness(documents, bool(documents.max(initial=UNKNOWN) < least), by_passage, tables)


def _owners(tables: Tables) -> Array:
    counts = np.diff(tables.arrays["passages.starts"])
    return np.repeat(np.arange(len(counts)), counts)


def _texts_of(tables: Tables, numbers: Array) -> Iterator[tuple[int, str]]:
    """(digest, text) of passages by their numbers, cut again as they were."""
    starts = tables.arrays["passages.starts"]
    wanted = set(tables.arrays["passages.digest"][numbers].tolist())
    for document in np.unique(np.searchsorted(starts, numbers, "right") - 1).tolist():
        for passage in passages(tables.text("title", document), tables.text("body", document)):
            if passage.digest in wanted:
                yield passage.digest, passage.text


def _batches(texts: Iterable[tuple[int, str]]) -> Iterator[dict[int, str]]:
    """By digest, so that what is said twice is computed once in a batch."""
    left = iter(texts)
    while some := dict(islice(left, _AT_ONCE)):
        yield some
