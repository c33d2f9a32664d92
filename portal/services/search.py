"""Searching the hub: the engine knows documents and tokens, this knows the database.

The index is a copy that may be late or damaged. What was withdrawn since it was built is taken out
by the database at once, every hit is looked up again before it is shown, and where no index can
be trusted the rows themselves are read.
"""

import fcntl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from portal.domain.knowledge import PUBLISHED, address
from portal.models import (
    KnowledgeAudience,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeVersion,
)
from portal.search import Document, Engine, IndexDamaged, Results, Segments, scan
from portal.services.audience import Reading, readable, reading
from portal.services.knowledge import ItemLine, details
from portal.tenancy import ALL_ACCOUNTS, TenancyError, scope_of

FOLDER = "search"
"""The index, within the data folder."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as it is shown; `matched_locale` is the language that the words were found in."""

    line: ItemLine
    matched_locale: str
    title: Segments
    passage: Segments
    score: float

    @property
    def url(self) -> str:
        return address(self.line.slug)


@dataclass(frozen=True, slots=True)
class Answer:
    """`counts` by type are those before the choice of types; `facets` likewise. `plain`:
    the index could not be used. `behind`: it is not of the newest texts, so somebody should follow.
    """

    total: int
    did_you_mean: str | None
    found: list[Found]
    counts: Mapping[str, int]
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float
    plain: bool
    behind: bool


@dataclass(frozen=True, slots=True)
class Question:
    """`locale` is the language to show results in; the reader's where it is empty."""

    text: str
    locale: str = ""
    types: Collection[str] | None = None
    features: Collection[str] | None = None
    locales: Collection[str] | None = None
    limit: int = 20
    offset: int = 0
    as_you_type: bool = False


def search_knowledge(session: Session, engine: Engine, question: Question) -> Answer:
    """What the session's reader finds; nothing else is counted, named or suggested."""
    reader = reading(session)
    asked = replace(question, locale=question.locale or scope_of(session).locale)
    indexed = engine.change_number
    results = None
    # An index of a later number was made from another database.
    if indexed is not None and indexed <= reader.change:
        results = _ask(session, engine, asked, reader, indexed)
    plain = results is None and reader.change > 0
    if results is None:
        results = _read_rows(session, asked, reader)
    return Answer(
        total=results.total,
        did_you_mean=results.did_you_mean,
        found=_shown(session, results),
        counts=results.facets.get("type", {}),
        facets=results.facets,
        took_ms=results.took_ms,
        plain=plain,
        behind=reader.change > 0 and (plain or indexed != reader.change),
    )


def reindex(session: Session, engine: Engine) -> int:
    """Builds the index anew; the number of documents. Needs a session over all accounts."""
    if scope_of(session).accounts is not ALL_ACCOUNTS:
        raise TenancyError("the index is built from every text: open a system scope")
    change = reading(session).change
    documents = list(_documents(session, true()))
    engine.rebuild(documents, change)
    return len(documents)


def follow(session: Session, engine: Engine, data_dir: Path) -> bool:
    """Builds the index anew where it is not of the newest texts, unless another process of this
    machine is at it; whether it was built.
    """
    with _only_one(data_dir / FOLDER) as free:
        if not free or engine.change_number == reading(session).change:
            return False
        reindex(session, engine)
        return True


def _ask(
    session: Session, engine: Engine, question: Question, reader: Reading, indexed: int
) -> Results | None:
    withdrawn = session.scalars(
        select(KnowledgeItem.slug).where(KnowledgeItem.guarded_in > indexed)
    )
    try:
        return engine.search(
            question.text,
            locale=question.locale,
            audiences=reader.tokens,
            types=question.types,
            features=question.features,
            locales=question.locales,
            limit=question.limit,
            offset=question.offset,
            withdrawn=frozenset(withdrawn),
            as_you_type=question.as_you_type,
        )
    except IndexDamaged:
        return None


def _read_rows(session: Session, question: Question, reader: Reading) -> Results:
    return scan(
        _documents(session, readable(session)),
        question.text,
        locale=question.locale,
        audiences=reader.tokens,
        types=question.types,
        features=question.features,
        locales=question.locales,
        limit=question.limit,
        offset=question.offset,
    )


def _shown(session: Session, results: Results) -> list[Found]:
    if not results.hits:
        return []
    lines = details(session, {hit.item_id for hit in results.hits})
    return [
        Found(
            line=lines[hit.item_id, hit.locale],
            matched_locale=hit.matched_locale,
            title=hit.title_segments,
            passage=hit.passage_segments,
            score=hit.score,
        )
        for hit in results.hits
        if (hit.item_id, hit.locale) in lines
    ]


def _documents(session: Session, which: ColumnElement[bool]) -> Iterator[Document]:
    tokens = _grouped(session, KnowledgeAudience.item_id, KnowledgeAudience.token)
    features = _grouped(session, KnowledgeFeature.item_id, KnowledgeFeature.feature_key)
    rows = session.execute(
        select(
            KnowledgeItem.id,
            KnowledgeItem.slug,
            KnowledgeItem.type,
            KnowledgeVersion.locale,
            KnowledgeVersion.title,
            KnowledgeVersion.summary,
            KnowledgeVersion.text,
        )
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.state == PUBLISHED, which)
    )
    for row in rows:
        yield Document(
            id=f"{row.slug}.{row.locale}",
            item_id=row.slug,
            locale=row.locale,
            type=row.type,
            title=row.title,
            summary=row.summary,
            body=row.text,
            features=tuple(sorted(features.get(row.id, ()))),
            audience=frozenset(tokens.get(row.id, ())),
            url=address(row.slug),
        )


def _grouped(session: Session, item_id: Any, value: Any) -> dict[int, set[str]]:
    grouped: dict[int, set[str]] = {}
    for number, one in session.execute(select(item_id, value)):
        grouped.setdefault(number, set()).add(one)
    return grouped


@contextmanager
def _only_one(folder: Path) -> Iterator[bool]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "FOLLOW").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
