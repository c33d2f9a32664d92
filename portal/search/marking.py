"""Where the words of a question stand in the texts of some documents, from the tables."""

from collections.abc import Sequence
from itertools import chain
from math import log1p

import numpy as np

from portal.search.highlight import Mark
from portal.search.matching import Sought
from portal.search.pinyin import places
from portal.search.rows import Rows
from portal.search.tables import FIELDS, Array, Tables
from portal.search.views import View

Marks = dict[tuple[str, int], list[Mark]]


class Marking:
    """Made once per question: the terms to mark, sorted, with a weight for each."""

    def __init__(self, tables: Tables, rows: Rows, sought: Sought, view: View) -> None:
        self._tables = tables
        self._rows, self._view = rows, view
        self._letters = sought.letters
        weights = self._weights(sought.words)
        if sought.beginning:
            begun = tables.arrays["words.terms"][slice(*sought.beginning)].tolist()
            weights |= dict.fromkeys(begun, 1.0)
        # Chinese characters are marked one by one only where no word of the question stands.
        self._words = frozenset(weights)
        characters = self._weights(tuple(chain.from_iterable(sought.characters)))
        self._alone = not characters.keys() <= weights.keys()
        self._weight = characters | weights
        self._terms = np.array(sorted(self._weight), np.int32)

    def of(self, documents: Sequence[int]) -> Marks:
        """By field and document; read in one go, which costs little more than one of them."""
        found: Marks = {(name, document): [] for name in FIELDS for document in documents}
        if len(self._terms):
            for name in FIELDS:
                self._read(name, documents, found)
        if self._alone:
            found = {place: self._told(marks) for place, marks in found.items()}
        if self._letters:
            for document in documents:
                found["title", document] += self._spelt(document)
        return found

    def _read(self, field: str, documents: Sequence[int], found: Marks) -> None:
        arrays = self._tables.arrays
        starts = arrays[f"{field}.read.starts"]
        spans = [slice(*starts[one : one + 2].tolist()) for one in documents]
        values = arrays[f"{field}.read.values"]
        terms = np.concatenate([values[span] for span in spans] or [values[:0]])
        standing = self._standing(terms)
        bounds = np.cumsum([0, *(span.stop - span.start for span in spans)])
        owners = np.searchsorted(bounds, standing, "right") - 1
        firsts = np.array([span.start for span in spans], np.int64)
        at = standing - bounds[owners] + firsts[owners]
        begins = arrays[f"{field}.read.at"][at]
        ends = begins + arrays[f"{field}.read.length"][at]
        columns = (owners, begins, ends, terms[standing])
        for owner, begin, end, term in zip(*(one.tolist() for one in columns), strict=True):
            found[field, documents[owner]].append((begin, end, term, self._weight[term]))

    def _standing(self, terms: Array) -> Array:
        """Where one of the terms to mark is."""
        at = np.searchsorted(self._terms, terms)
        at[at == len(self._terms)] = 0
        return np.flatnonzero(self._terms[at] == terms)

    def _spelt(self, document: int) -> list[Mark]:
        """The characters of the title that were typed as they sound."""
        text = self._tables.text("title", document)
        spelt = {place for letters in self._letters for place in places(text, letters)}
        return [(start, end, -1, 1.0) for start, end in sorted(spelt)]

    def _told(self, marks: list[Mark]) -> list[Mark]:
        return [mark for mark in marks if mark[2] in self._words] or marks

    def _weights(self, terms: tuple[int, ...]) -> dict[int, float]:
        rows = {term: self._rows.term(self._view, term) for term in terms}
        return {term: 1.0 / (1.0 + log1p(row.standing)) for term, row in rows.items()}
