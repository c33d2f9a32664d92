"""Rankings of the same passages: Paceline's, with and without meaning, and four others'.

Each is a function from a question to the ids of its ten best passages. None of the others can cut
a Chinese sentence: they get Chinese texts as words and single characters, parted by spaces. English
ones they cut and stem in their own ways.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import rjieba
import tantivy
from whoosh import index
from whoosh.analysis import StandardAnalyzer, StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.query import Or, Term

from portal.search import Document, Engine
from tests import postgres
from tests.benchmarks.search.corpus import Labelled, Passage

Ranking = Callable[[str], list[str]]
BEST = 10
_PUBLIC = frozenset({"public"})
_FIELDS = ("title", "body")
_WORD = re.compile(r"\w+")
_HAN = re.compile("[\u4e00-\u9fff]")


def ours(folder: Path, passages: list[Passage], locale: str) -> Engine:
    documents = [
        Document(one.id, one.id, locale, "faq", one.title, body=one.body, audience=_PUBLIC)
        for one in passages
    ]
    engine = Engine(folder)
    engine.rebuild(documents, 1)
    return engine


def ranking(engine: Engine, locale: str, *, by_meaning: bool) -> Ranking:
    """The whole way, counts, facets and highlighted passages included."""

    def rank(question: str) -> list[str]:
        found = engine.search(
            question, locale=locale, audiences=_PUBLIC, limit=BEST, by_meaning=by_meaning
        )
        return [hit.document_id for hit in found.hits]

    return rank


def whoosh_defaults(folder: Path, passages: list[Passage], *, chinese: bool) -> Ranking:
    folder.mkdir()
    analyzer = StandardAnalyzer(stoplist=None, minsize=1) if chinese else StemmingAnalyzer()
    fields = {name: TEXT(analyzer=analyzer, phrase=False) for name in _FIELDS}
    writer = index.create_in(folder, Schema(id=ID(stored=True), **fields)).writer(limitmb=256)
    for one in _split(passages, chinese=chinese):
        writer.add_document(id=one.id, title=one.title, body=one.body)
    writer.commit()
    searcher = index.open_dir(folder).searcher()

    def rank(question: str) -> list[str]:
        asked = _spaced(question) if chinese else question
        words = dict.fromkeys(token.text for token in analyzer(asked, mode="query"))
        query = Or([Term(name, word) for word in words for name in _FIELDS])
        # Block skipping drops hits.
        return [hit["id"] for hit in searcher.search(query, limit=BEST, optimize=False)]

    return rank


def sqlite_fts5(passages: list[Passage], *, chinese: bool) -> Ranking:
    database = sqlite3.connect(":memory:")
    cutter = "unicode61" if chinese else "porter unicode61"
    database.execute(
        f"CREATE VIRTUAL TABLE passage USING fts5(id UNINDEXED, title, body, tokenize='{cutter}')"
    )
    rows = [(one.id, one.title, one.body) for one in _split(passages, chinese=chinese)]
    database.executemany("INSERT INTO passage VALUES (?, ?, ?)", rows)
    sql = "SELECT id FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?"

    def rank(question: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in _words(question, chinese=chinese))
        return [row[0] for row in database.execute(sql, (asked, BEST))] if asked else []

    return rank


def tantivy_bm25(folder: Path, passages: list[Passage], *, chinese: bool) -> Ranking:
    folder.mkdir()
    cutter = "whitespace" if chinese else "en_stem"
    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for name in _FIELDS:
        builder = builder.add_text_field(name, tokenizer_name=cutter)
    made = tantivy.Index(builder.build(), str(folder))
    writer = made.writer()
    for one in _split(passages, chinese=chinese):
        writer.add_document(tantivy.Document(id=[one.id], title=[one.title], body=[one.body]))
    writer.commit()
    writer.wait_merging_threads()
    made.reload()
    searcher = made.searcher()

    def rank(question: str) -> list[str]:
        asked = " ".join(_words(question, chinese=chinese))
        found = searcher.search(made.parse_query(asked, list(_FIELDS)), BEST).hits if asked else []
        return [str(searcher.doc(address)["id"][0]) for _, address in found]

    return rank


@contextmanager
def postgres_text_search(
    folder: Path, passages: list[Passage], *, chinese: bool
) -> Iterator[Ranking]:
    """Title as A, body as B; any word of the question, by ts_rank_cd with its length norm."""
    folder.mkdir()
    server = postgres.shared_server(folder)
    dictionary = "simple" if chinese else "english"
    try:
        with psycopg.connect(server.superuser, autocommit=True) as connection:
            yield _postgres(connection, _split(passages, chinese=chinese), dictionary, chinese)
    finally:
        postgres.stop_shared_server(folder)


def _postgres(
    connection: psycopg.Connection,
    passages: list[Passage],
    dictionary: str,
    chinese: bool,  # noqa: FBT001 - private
) -> Ranking:
    connection.execute("CREATE TEMP TABLE passage (id text, words tsvector)")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO passage VALUES (%s, setweight(to_tsvector(%s::regconfig, %s), 'A') "
            "|| setweight(to_tsvector(%s::regconfig, %s), 'B'))",
            [(one.id, dictionary, one.title, dictionary, one.body) for one in passages],
        )
    connection.execute("CREATE INDEX ON passage USING gin (words)")
    connection.execute("ANALYZE passage")
    sql = (
        "SELECT id FROM passage, to_tsquery(%s::regconfig, %s) AS asked WHERE words @@ asked "
        "ORDER BY ts_rank(words, asked, 1) DESC LIMIT %s"
    )

    def rank(question: str) -> list[str]:
        asked = " | ".join(_words(question, chinese=chinese))
        return [row[0] for row in connection.execute(sql, (dictionary, asked, BEST))]

    return rank


def sets_locale(labelled: Labelled) -> str:
    return "zh-Hans" if labelled.chinese else "en"


def _split(passages: list[Passage], *, chinese: bool) -> list[Passage]:
    if not chinese:
        return passages
    return [Passage(one.id, _spaced(one.title), _spaced(one.body)) for one in passages]


def _words(question: str, *, chinese: bool) -> list[str]:
    split = _spaced(question) if chinese else question.lower()
    return list(dict.fromkeys(_WORD.findall(split)))


def _spaced(text: str) -> str:
    """Words in lower case, and each character of the Chinese ones."""
    words: list[str] = []
    for word in rjieba.cut(text.lower()):
        words += [word, *word] if _HAN.match(word) and len(word) > 1 else [word]
    return " ".join(_WORD.findall(" ".join(words)))
