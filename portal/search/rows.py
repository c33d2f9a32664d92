"""Postings as a view shows them, those of terms asked for lately kept worked out."""

import numpy as np

from portal.search.tables import Array, Tables
from portal.search.views import View

MOST = 1_500_000
"""Postings kept for all views of a generation, 8 bytes each, and each row as PLACE more.

A word that many ask for is begun and asked again letter by letter, so that hardly any question
waits for a long row.
"""
PLACE = 40


class Rows:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._kept: dict[tuple[int, str, int], tuple[Array, Array]] = {}
        self._size = 0

    def of(self, view: View, name: str, term: int) -> tuple[Array, Array]:
        """The term's visible documents in the field, and f / (f + norm) of each."""
        key = (view.number, name, term)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        row = self._work_out(view, name, term)
        self._keep(key, row)
        return row

    def holding(self, view: View, name: str, term: int) -> int:
        """How many visible documents have the term in the field."""
        return len(self.of(view, name, term)[0])

    def _keep(self, key: tuple[int, str, int], row: tuple[Array, Array]) -> None:
        """Two threads may count one row twice: then all is dropped a little sooner."""
        if self._size > MOST:
            self._kept, self._size = {}, 0
        self._kept[key] = row
        self._size += len(row[0]) + PLACE

    def _work_out(self, view: View, name: str, term: int) -> tuple[Array, Array]:
        start, end = self._tables.arrays[f"{name}.starts"][term : term + 2]
        documents = self._tables.arrays[f"{name}.values"][start:end]
        frequencies = self._tables.arrays[f"{name}.frequencies"][start:end]
        if not view.whole:
            seen = view.mask[documents]
            documents, frequencies = documents[seen], frequencies[seen]
        norms = view.norms[name][documents]
        saturation: Array = frequencies / (frequencies + norms)
        return documents, saturation.astype(np.float32)
