"""Where the words of a question stand in the texts of some documents, from the tables."""

from collections.abc import Sequence
from itertools import chain
from math import log1p

import numpy as np

from portal.search.highlight import Mark
from portal.search.matching import Sought
from portal.search.pinyin import places as spelt_places
from portal.search.rows import Rows
from portal.search.tables import FIELDS, Array, Tables
from portal.search.views import View

_SHORT = 30
"""Words; so few are faster looked at one by one."""
_SIEVE = 4096
"""What is left of the numbers of terms sorts out nearly all that are not wanted; a mark for each
term of a large hub would have to be fetched from memory.
"""
Marks = dict[tuple[str, int], list[Mark]]


class Marking:
    """Made once per question: the terms to mark, with a weight for each."""

    def __init__(self, tables: Tables, rows: Rows, sought: Sought, view: View) -> None:
        self._tables = tables
        self._rows, self._view = rows, view
        self._letters = sought.letters
        elsewhere = (number for one in sought.elsewhere for number, _ in one.words)
        weights = self._weights((*sought.words, *elsewhere))
        if sought.beginning:
            begun = tables.arrays["words.terms"][slice(*sought.beginning)].tolist()
            weights |= dict.fromkeys(begun, 1.0)
        # Chinese characters are marked one by one only where no word of the question stands.
        self._words = frozenset(weights)
        characters = self._weights(tuple(chain.from_iterable(sought.characters)))
        self._alone = not characters.keys() <= weights.keys()
        self._weight = characters | weights

    def of(self, documents: Sequence[int]) -> Marks:
        """By field and document."""
        found: Marks = {(name, document): [] for name in FIELDS for document in documents}
        if self._weight:
            wanted = np.zeros(_SIEVE, bool)
            wanted[np.array(list(self._weight)) & (_SIEVE - 1)] = True
            for name in FIELDS:
                self._read(name, documents, wanted, found)
        if self._alone:
            found = {place: self._told(marks) for place, marks in found.items()}
        if self._letters:
            for document in documents:
                found["title", document] += self._spelt(document)
        return found

    def _read(self, field: str, documents: Sequence[int], wanted: Array, found: Marks) -> None:
        """`wanted`: by what is left of a term's number, whether it may be one to mark."""
        stretch, weight = self._tables.stretch, self._weight
        starts = self._tables.arrays[f"{field}.read.starts"]
        for document in documents:
            first, end = starts[document : document + 2].tolist()
            values = stretch(f"{field}.read.values", first, end)
            places: Sequence[int] = range(end - first)
            if len(places) > _SHORT:
                places = wanted[values & (_SIEVE - 1)].nonzero()[0].tolist()
            terms = [(at, term) for at in places if (term := values.item(at)) in weight]
            if terms:
                begins = stretch(f"{field}.read.at", first, end)
                lengths = stretch(f"{field}.read.length", first, end)
                found[field, document] = [
                    (begins.item(at), begins.item(at) + lengths.item(at), term, weight[term])
                    for at, term in terms
                ]

    def _spelt(self, document: int) -> list[Mark]:
        """The characters of the title that were typed as they sound."""
        text = self._tables.text("title", document)
        spelt = {place for letters in self._letters for place in spelt_places(text, letters)}
        return [(start, end, -1, 1.0) for start, end in sorted(spelt)]

    def _told(self, marks: list[Mark]) -> list[Mark]:
        return [mark for mark in marks if mark[2] in self._words] or marks

    def _weights(self, terms: tuple[int, ...]) -> dict[int, float]:
        rows = {term: self._rows.term(self._view, term) for term in terms}
        return {term: 1.0 / (1.0 + log1p(row.standing)) for term, row in rows.items()}
