"""Where the words of a question stand in a document's texts, from the tables."""

from itertools import chain

import numpy as np

from portal.search.highlight import Mark
from portal.search.matching import Sought
from portal.search.pinyin import places
from portal.search.rows import Rows
from portal.search.tables import FIELDS, Array, Tables
from portal.search.views import View


class Marking:
    """Made once per question: a weight for each term, zero for those not asked for."""

    def __init__(self, tables: Tables, rows: Rows, sought: Sought, view: View) -> None:
        self._tables = tables
        self._rows, self._view = rows, view
        self._letters = sought.letters
        words = self._weights(sought.words)
        if sought.beginning:
            words[tables.arrays["words.terms"][slice(*sought.beginning)]] = 1.0
        # Chinese characters are marked one by one only where no word of the question stands.
        self._weighings = [words]
        characters = tuple(chain.from_iterable(sought.characters))
        if characters:
            self._weighings.append(self._weights(characters))

    def title(self, document: int) -> list[Mark]:
        """With the characters that were typed as they sound."""
        marks = self.marks("title", document)
        if self._letters:
            text = self._tables.text("title", document)
            spelt = {place for letters in self._letters for place in places(text, letters)}
            marks += [(start, end, -1, 1.0) for start, end in sorted(spelt)]
        return marks

    def marks(self, field: str, document: int) -> list[Mark]:
        arrays = self._tables.arrays
        start, end = arrays[f"{field}.read.starts"][document : document + 2].tolist()
        terms = arrays[f"{field}.read.values"][start:end]
        for weighing in self._weighings:
            weights = weighing[terms]
            found = weights.nonzero()[0]
            if len(found):
                begins = arrays[f"{field}.read.at"][start:end][found]
                ends = begins + arrays[f"{field}.read.length"][start:end][found]
                columns = (begins, ends, terms[found], weights[found])
                return list(zip(*(column.tolist() for column in columns), strict=True))
        return []

    def _weights(self, terms: tuple[int, ...]) -> Array:
        weights = np.zeros(len(self._tables.names["terms"]), np.float32)
        for term in terms:
            holding = sum(self._rows.holding(self._view, name, term) for name in FIELDS)
            weights[term] = 1.0 / (1.0 + np.log1p(holding))
        return weights
