"""What a term, or a beginning of one, adds to the scores of a view's documents.

BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), §3.3.
Rows of what was asked for lately are kept: a word that many ask for is begun and asked again letter
by letter, so that hardly any question waits for a long row.
"""

from dataclasses import dataclass
from math import log1p
from threading import Lock

import numpy as np

from portal.search.places import Places
from portal.search.tables import FIELDS, Array, Tables
from portal.search.views import View
from portal.search.weights import ASIDE, BEGINNING, K1, TITLE_FLOOR, WEIGHTS

MOST = 2_000_000
"""Numbers of 8 bytes kept for all views of a generation; each row counts PLACE more."""
PLACE = 40
_WIDE = 5
"""A row that names one document in so many is kept as a score for each document."""

Key = tuple[int, str, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """`impact` by document of `slots`, which may name one twice (title and body), or of all where
    `slots` is None. `holding` says how many visible documents make the term common, `standing` in
    how many titles and bodies it stands.
    """

    slots: Array | None
    impact: Array
    holding: int
    standing: int

    @property
    def size(self) -> int:
        return PLACE + len(self.impact) * (1 if self.slots is None else 2)

    def mask(self, count: int) -> Array:
        """By slot, whether the document is in the row."""
        if self.slots is None:
            wide: Array = self.impact > 0
            return wide
        mask = np.zeros(count, bool)
        mask[self.slots] = True
        return mask


class Rows:
    def __init__(self, tables: Tables, places: Places) -> None:
        self._arrays, self._stretch = tables.arrays, tables.stretch
        self._slot_of = places.slot_of
        self._count = len(places.documents)
        self._kept: dict[Key, Row] = {}
        self._size = 0
        self._lock = Lock()

    def term(self, view: View, term: int) -> Row:
        """A word asked for, in titles and bodies."""
        key = (view.number, "term", term, 0)
        return self._kept.get(key) or self._keep(key, self._term(view, term))

    def count(self, view: View, term: int) -> int:
        """How many visible documents have the term, in the field where more have it."""
        kept = self._kept.get((view.number, "term", term, 0))
        return kept.holding if kept else max(self._visible(view, name, term) for name in FIELDS)

    def aside(self, view: View, term: int) -> Row:
        """A stop word, which counts in titles."""
        key = (view.number, "aside", term, 0)
        return self._kept.get(key) or self._keep(key, self._aside(view, term))

    def trigram(self, view: View, gram: int) -> Row:
        key = (view.number, "trigram", gram, 0)
        return self._kept.get(key) or self._keep(key, self._trigram(view, gram))

    def beginning(self, view: View, first: int, end: int) -> Row:
        """All words from number `first` on and before `end`, a document counted once a field."""
        key = (view.number, "beginning", first, end)
        return self._kept.get(key) or self._keep(key, self._beginning(view, first, end))

    def spelt(self, view: View, first: int, end: int) -> Row:
        """Titles with one of these spellings in pinyin."""
        key = (view.number, "spelt", first, end)
        return self._kept.get(key) or self._keep(key, self._spelt(view, first, end))

    def _keep(self, key: Key, row: Row) -> Row:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = row
                self._size += row.size
            while self._size > MOST and len(self._kept) > 1:
                # The one that was worked out first.
                self._size -= self._kept.pop(next(iter(self._kept))).size
        return row

    def _term(self, view: View, term: int) -> Row:
        fields = [self._saturation(view, name, term) for name in FIELDS]
        counts = [len(slots) for slots, _ in fields]
        # A word common in bodies is common, however few titles hold it.
        rarity = rarity_of(max(counts), view.count)
        weights = (WEIGHTS["title"] * (rarity + TITLE_FLOOR), WEIGHTS["body"] * rarity)
        impacts = [
            part * ((K1 + 1) * weight) for (_, part), weight in zip(fields, weights, strict=True)
        ]
        slots = np.concatenate([slots for slots, _ in fields])
        return self._made(slots, np.concatenate(impacts), max(counts), sum(counts))

    def _aside(self, view: View, term: int) -> Row:
        slots, saturation = self._saturation(view, "title", term)
        rarity = rarity_of(len(slots), view.count)
        weight = WEIGHTS["title"] * (K1 + 1) * ASIDE * (rarity + TITLE_FLOOR)
        return self._made(slots, saturation * weight, len(slots), len(slots))

    def _trigram(self, view: View, gram: int) -> Row:
        slots, saturation = self._saturation(view, "trigrams", gram)
        weight = WEIGHTS["trigrams"] * (K1 + 1) * rarity_of(len(slots), view.count)
        return self._made(slots, saturation * weight, len(slots), len(slots))

    def _beginning(self, view: View, first: int, end: int) -> Row:
        fields = [self._holding(view, f"{name}.words", first, end) for name in FIELDS]
        counts = [len(slots) for slots in fields]
        weight = BEGINNING * rarity_of(max(counts), view.count)
        impacts = [
            np.full(count, weight * WEIGHTS[name])
            for name, count in zip(FIELDS, counts, strict=True)
        ]
        return self._made(np.concatenate(fields), np.concatenate(impacts), max(counts), sum(counts))

    def _spelt(self, view: View, first: int, end: int) -> Row:
        slots = self._holding(view, "pinyin", first, end)
        weight = BEGINNING * WEIGHTS["title"] * rarity_of(len(slots), view.count)
        return self._made(slots, np.full(len(slots), weight), len(slots), len(slots))

    def _made(self, slots: Array, impact: Array, holding: int, standing: int) -> Row:
        if len(slots) * _WIDE <= self._count:
            return Row(slots, impact, holding, standing)
        return Row(None, np.bincount(slots, impact, self._count), holding, standing)

    def _saturation(self, view: View, name: str, term: int) -> tuple[Array, Array]:
        """Slots of the visible documents with the term, and f / (f + norm) of each."""
        start, end = self._arrays[f"{name}.starts"][term : term + 2].tolist()
        documents = self._stretch(f"{name}.values", start, end)
        frequencies = self._stretch(f"{name}.frequencies", start, end)
        if not view.whole:
            seen = view.mask[documents]
            documents, frequencies = documents[seen], frequencies[seen]
        saturation = frequencies / (frequencies + view.norms[name][documents].astype(np.float64))
        return self._slot_of[documents], saturation

    def _visible(self, view: View, name: str, term: int) -> int:
        start, end = self._arrays[f"{name}.starts"][term : term + 2].tolist()
        if view.whole:
            return int(end - start)
        return int(np.count_nonzero(view.mask[self._stretch(f"{name}.values", start, end)]))

    def _holding(self, view: View, name: str, first: int, end: int) -> Array:
        """Slots of the visible documents in any of the rows."""
        starts = self._arrays[f"{name}.starts"]
        there = np.zeros(self._count, bool)
        there[self._stretch(f"{name}.values", int(starts[first]), int(starts[end]))] = True
        there &= view.mask
        slots: Array = self._slot_of[np.flatnonzero(there)]
        return slots


def rarity_of(holding: int, count: int) -> float:
    return log1p((count - holding + 0.5) / (holding + 0.5))
