"""Searching the hub: the engine knows documents and tokens, this knows the database.

The index is a copy that may be late or damaged. What was withdrawn since it was built is taken out
by the database at once, every hit is looked up again before it is shown, and where no index can
be trusted the rows themselves are read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, false, or_, select
from sqlalchemy.orm import Session

from portal.domain.knowledge import LESSON, address_of
from portal.models import KnowledgeItem, KnowledgeVersion
from portal.search import Engine, IndexDamaged, Results, Segments, Vocabulary, scan, spellings
from portal.services.audience import Reading, readable, reading
from portal.services.knowledge import ItemLine, details
from portal.services.search_index import documents_of
from portal.services.training.lesson_search import courses_holding, lesson_lines
from portal.tenancy import scope_of

MOST_READ = 300
"""Items that are looked through where there is no index."""
_GUARDED = select(KnowledgeItem.slug).where(KnowledgeItem.guarded_in > bindparam("indexed"))


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as it is shown; `matched_locale` is the language that the words were found in."""

    line: ItemLine
    matched_locale: str
    title: Segments
    passage: Segments
    score: float
    by_meaning: bool = False

    @property
    def url(self) -> str:
        return address_of(self.line.type, self.line.slug)


@dataclass(frozen=True, slots=True)
class Answer:
    """`counts` by type are those before the choice of types; `facets` likewise. `plain`:
    the index could not be used. `behind`: it is not of the newest texts, so somebody should follow.
    `near`: how many of the total hold none of the words, but mean much the same. `weak`: nothing
    that was found is a good answer.
    """

    total: int
    did_you_mean: str | None
    found: list[Found]
    counts: Mapping[str, int]
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float
    plain: bool
    behind: bool
    near: int = 0
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """`locale` is the language to show results in; the reader's where it is empty. `vocabulary` is
    tried in place of what the vendor has taught.
    """

    text: str
    locale: str = ""
    types: Collection[str] | None = None
    features: Collection[str] | None = None
    locales: Collection[str] | None = None
    limit: int = 20
    offset: int = 0
    as_you_type: bool = False
    vocabulary: Vocabulary | None = None


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
        near=results.near,
        weak=results.weak,
    )


def _ask(
    session: Session, engine: Engine, question: Question, reader: Reading, indexed: int
) -> Results | None:
    withdrawn = session.scalars(_GUARDED, {"indexed": indexed})
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
            vocabulary=question.vocabulary,
            by_meaning=not question.as_you_type,
        )
    except IndexDamaged:
        return None


def _read_rows(session: Session, question: Question, reader: Reading) -> Results:
    return scan(
        documents_of(session, KnowledgeItem.id.in_(_likely(session, question))),
        question.text,
        locale=question.locale,
        audiences=reader.tokens,
        types=question.types,
        features=question.features,
        locales=question.locales,
        limit=question.limit,
        offset=question.offset,
    )


def _likely(session: Session, question: Question) -> list[int]:
    """Items that the database finds a word of the question in, be it in a lesson of theirs; so
    many as are read in no time.
    """
    parts = (KnowledgeVersion.title, KnowledgeVersion.summary, KnowledgeVersion.text)
    # SQLite's LIKE knows no case as it is; ILIKE would copy each text there.
    like = "LIKE" if session.get_bind().dialect.name == "sqlite" else "ILIKE"
    sought = spellings(question.text)
    holding = [part.op(like, is_comparison=True)(f"%{one}%") for one in sought for part in parts]
    wanted = (
        select(KnowledgeItem.id)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(readable(session), or_(false(), *holding))
        .distinct()
        .limit(MOST_READ)
    )
    courses = courses_holding(session, sought, like, MOST_READ)
    return [*session.scalars(wanted), *courses]


def _shown(session: Session, results: Results) -> list[Found]:
    if not results.hits:
        return []
    lessons = {hit.item_id for hit in results.hits if hit.type == LESSON}
    lines = details(session, {hit.item_id for hit in results.hits} - lessons)
    lines |= lesson_lines(session, lessons)
    return [
        Found(
            line=lines[hit.item_id, hit.locale],
            matched_locale=hit.matched_locale,
            title=hit.title_segments,
            passage=hit.passage_segments,
            score=hit.score,
            by_meaning=hit.by_meaning,
        )
        for hit in results.hits
        if (hit.item_id, hit.locale) in lines
    ]
