"""Three rankings over the same tokens: ours, Whoosh's BM25F, SQLite's FTS5.

Each is a function from a question to the ids of its ten best passages.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from whoosh import index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from portal.search import Document, Engine
from portal.search.analysis import tokens
from portal.search.folding import normalise
from tests.benchmarks.search.corpus import Passage

Ranking = Callable[[str], list[str]]
BEST = 10
_PUBLIC = frozenset({"public"})


def ours(folder: Path, passages: list[Passage]) -> Ranking:
    """The whole way, counts, facets and highlighted passages included."""
    documents = [
        Document(one.id, one.id, "en", "faq", one.title, body=one.body, audience=_PUBLIC)
        for one in passages
    ]
    engine = Engine(folder)
    engine.rebuild(documents, 1)

    def rank(question: str) -> list[str]:
        found = engine.search(question, locale="en", audiences=_PUBLIC, limit=BEST)
        return [hit.document_id for hit in found.hits]

    return rank


def whoosh_bm25f(folder: Path, passages: list[Passage]) -> Ranking:
    folder.mkdir()
    split = TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
    writer = index.create_in(folder, Schema(id=ID(stored=True), title=split, body=split)).writer()
    for one in passages:
        writer.add_document(id=one.id, title=_spaced(one.title), body=_spaced(one.body))
    writer.commit()
    searcher = index.open_dir(folder).searcher(weighting=BM25F())

    def rank(question: str) -> list[str]:
        terms = _terms(question)
        query = Or([Term(name, term) for term in terms for name in ("title", "body")])
        return [hit["id"] for hit in searcher.search(query, limit=BEST, optimize=False)]

    return rank


def sqlite_fts5(passages: list[Passage]) -> Ranking:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passage USING fts5(id UNINDEXED, title, body)")
    # FTS5 splits text by itself: each token becomes hexadecimal, which it leaves whole.
    rows = [(one.id, _coded(one.title), _coded(one.body)) for one in passages]
    database.executemany("INSERT INTO passage VALUES (?, ?, ?)", rows)
    sql = "SELECT id FROM passage WHERE passage MATCH ? ORDER BY bm25(passage, 0, 2, 1) LIMIT ?"

    def rank(question: str) -> list[str]:
        asked = " OR ".join(dict.fromkeys(_coded(question).split()))
        return [row[0] for row in database.execute(sql, (asked, BEST))] if asked else []

    return rank


def _terms(text: str) -> list[str]:
    return list(dict.fromkeys(token.term for token in tokens(normalise(text))))


def _spaced(text: str) -> str:
    return " ".join(token.term for token in tokens(normalise(text)))


def _coded(text: str) -> str:
    return " ".join(f"x{token.term.encode().hex()}" for token in tokens(normalise(text)))
