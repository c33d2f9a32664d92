"""Phrases, answered by Whoosh's positions: the one thing that the scorer's tables don't hold.

Whoosh never sees what a reader typed, only our own tokens: its query parser fails on hostile input.
One generation is one segment that is never deleted from or merged, so a document's number there is
its number in the tables.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from whoosh import index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.query import Or, Phrase, Term

from portal.search.analysis import phrase_terms, tokens
from portal.search.documents import Document, IndexDamaged
from portal.search.tables import FIELDS, Array, shown_texts


def write(folder: Path, documents: Sequence[Document]) -> None:
    """Documents must come in the tables' order."""
    folder.mkdir()
    # Whoosh's analyzers split text; ours comes already split, by spaces.
    words = {name: TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True) for name in FIELDS}
    schema = Schema(id=ID(stored=True), **words)
    writer = index.create_in(folder, schema).writer(limitmb=256)
    for document in documents:
        shown = shown_texts(document)
        split = {name: " ".join(phrase_terms(tokens(shown[name]))) for name in FIELDS}
        writer.add_document(id=document.id, **split)
    writer.commit(optimize=False, merge=False)


class Phrases:
    """Raises IndexDamaged where Whoosh can't read its files."""

    def __init__(self, folder: Path, count: int) -> None:
        self._count = count
        # Posting readers share one file position.
        self._lock = Lock()
        try:
            self._searcher = FileStorage(folder).open_index().searcher()
        except Exception as problem:
            # Whoosh raises struct.error, KeyError, pickle's errors and more on damaged files.
            raise IndexDamaged(f"Whoosh can't open its index: {problem!r}") from problem
        if self._searcher.doc_count_all() != count:
            raise IndexDamaged("Whoosh holds another number of documents")

    def containing(self, phrase: Sequence[str]) -> Array:
        """True for each document that has these terms as neighbours in its title or its body."""
        found = np.zeros(self._count, bool)
        try:
            with self._lock:
                for number in self._searcher.docs_for_query(_query(phrase)):
                    found[number] = True
        except Exception as problem:
            raise IndexDamaged(f"Whoosh can't read its index: {problem!r}") from problem
        return found

    def close(self) -> None:
        self._searcher.close()


def _query(phrase: Sequence[str]) -> Or:
    if len(phrase) == 1:
        return Or([Term(name, phrase[0]) for name in FIELDS])
    return Or([Phrase(name, list(phrase)) for name in FIELDS])
