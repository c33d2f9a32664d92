"""Feeding the search index: a function of the published texts, the words that are taught, and the
number they stand at.

Each machine has its own. Whoever finds it behind brings it up to date, one at a time: what changed
is replaced, and only a missing or damaged index, or one of another database, is built from nothing.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from portal.domain.knowledge import PUBLISHED, address
from portal.models import (
    KnowledgeAudience,
    KnowledgeChange,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeVersion,
)
from portal.search import Document, Engine, Told
from portal.search.alone import only_one
from portal.services.search_words import vocabulary
from portal.services.training.lesson_search import lesson_changes, lesson_document, lesson_rows
from portal.tenancy import ALL_ACCOUNTS, TenancyError, scope_of

FOLDER = "search"
"""The index, within the data folder."""
MOST_REPLACED = 400
"""More changed items than these are quicker built anew with all the others."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """`number`: what the index was made from, None without a sound one; `newest`: what the texts
    stand at. `texts`: language versions held.
    """

    number: int | None
    newest: int
    texts: int
    bytes: int

    @property
    def late(self) -> int:
        """How many changes it has not heard of."""
        return self.newest - (self.number or 0)


def newest_change(session: Session) -> int:
    return session.scalar(select(KnowledgeChange.number)) or 0


def reindex(session: Session, engine: Engine, told: Told | None = None) -> int:
    """Builds the index anew; the number of documents. Needs a session over all accounts. `told`
    hears which share is done.
    """
    _over_all(session)
    change = newest_change(session)
    documents = list(documents_of(session, true()))
    engine.rebuild(documents, change, vocabulary(session), told=told)
    return len(documents)


def follow(
    session: Session,
    engine: Engine,
    data_dir: Path,
    rebuild: Callable[[], object] | None = None,
) -> bool:
    """Brings the index to the newest texts where it is behind, unless another process of this
    machine is at it; whether something was written. `rebuild` is what builds it from nothing.
    """
    _over_all(session)
    with only_one(data_dir / FOLDER, "FOLLOW") as free:
        newest = newest_change(session)
        number = engine.refresh() if free else newest
        if number == newest:
            return False
        if number is None or number > newest or not _revise(session, engine, newest):
            rebuild() if rebuild else reindex(session, engine)
        return True


def index_state(session: Session, data_dir: Path) -> IndexState:
    folder = data_dir / FOLDER
    engine = Engine(folder)
    number = engine.refresh()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return IndexState(
        number=number,
        newest=newest_change(session),
        texts=0 if number is None else engine.count,
        bytes=sum(path.stat().st_size for path in files),
    )


def documents_of(session: Session, which: ColumnElement[bool]) -> Iterator[Document]:
    """The published texts of the items that the condition holds for, and the lessons of those that
    are courses.
    """
    rows = session.execute(
        select(
            KnowledgeItem.id,
            KnowledgeItem.slug,
            KnowledgeItem.type,
            KnowledgeItem.changed_in,
            KnowledgeVersion.locale,
            KnowledgeVersion.title,
            KnowledgeVersion.summary,
            KnowledgeVersion.text,
        )
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.state == PUBLISHED, which)
    ).all()
    lessons = lesson_rows(session, which)
    # Read after the change number of their item: who reads between two changes is late, not wrong.
    tokens = _grouped(session, KnowledgeAudience.item_id, KnowledgeAudience.token, which)
    features = _grouped(session, KnowledgeFeature.item_id, KnowledgeFeature.feature_key, which)
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
            changed=row.changed_in,
        )
    for one in lessons:
        yield lesson_document(one, features.get(one.id, ()), tokens.get(one.id, ()))


def _over_all(session: Session) -> None:
    if scope_of(session).accounts is not ALL_ACCOUNTS:
        raise TenancyError("the index is built from every text: open a system scope")


def _revise(session: Session, engine: Engine, newest: int) -> bool:
    """Replaces what differs; False where that is too much."""
    rows = session.execute(
        select(KnowledgeItem.slug, KnowledgeItem.changed_in).where(KnowledgeItem.state == PUBLISHED)
    )
    stored = {row.slug: row.changed_in for row in rows} | lesson_changes(session)
    held = engine.changes()
    differing = {slug for slug, _ in stored.items() ^ held.items()}
    if len(differing) > MOST_REPLACED:
        return False
    engine.revise(_documents_named(session, differing), differing, newest, vocabulary(session))
    return True


def _documents_named(session: Session, slugs: Collection[str]) -> list[Document]:
    """Of items, and of lessons by their names."""
    items = sorted({one.partition("/")[0] for one in slugs})
    found = documents_of(session, KnowledgeItem.slug.in_(items)) if items else ()
    return [one for one in found if one.item_id in slugs]


def _grouped(
    session: Session, item_id: Any, value: Any, which: ColumnElement[bool]
) -> dict[int, set[str]]:
    grouped: dict[int, set[str]] = {}
    rows = select(item_id, value).join(KnowledgeItem, KnowledgeItem.id == item_id).where(which)
    for number, one in session.execute(rows):
        grouped.setdefault(number, set()).add(one)
    return grouped
