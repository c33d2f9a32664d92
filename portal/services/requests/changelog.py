"""What has come: release notes of the hub and released requests of all customers, in one row."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.domain.knowledge import RELEASE_NOTE
from portal.models import KnowledgeItem, SharedRequest
from portal.search.views import preference
from portal.services import audience
from portal.services.keyset import Mark, Page, Part, page_of, words
from portal.services.knowledge import ItemLine, details
from portal.services.requests.roadmap import (
    STAGES,
    RoadmapItem,
    Stage,
    delivered_by,
    is_published,
    items_by_key,
)
from portal.tenancy import scope_of

PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class News:
    """A release note with the requests that it brings, or a released request without a note."""

    on: date
    note: ItemLine | None = None
    items: list[RoadmapItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NewsPage:
    rows: list[News]
    total: int
    place: Page


def read_changelog(session: Session, kind: str = "", mark: Mark | None = None) -> NewsPage:
    """The newest first, one keyset page of what the reader may read. `kind` a value of Kind:
    requests of it alone, without notes that bring none.
    """
    wanted = _rows(session, kind).subquery()
    total = session.scalar(select(func.count()).select_from(wanted)) or 0
    newest = [
        Part(wanted.c.on_day, date.fromisoformat, down=True),
        *(words(one, down=True) for one in (wanted.c.name, wanted.c.what)),
    ]
    place = page_of(session, select(wanted), newest, mark, PAGE_SIZE)
    rows = place.rows
    slugs = [row.name for row in rows if row.what == "note"]
    notes, brought = readable_notes(session, slugs), delivered_by(session, slugs)
    alone = items_by_key(session, [row.name for row in rows if row.what == "request"])
    news = [
        News(row.on_day, notes.get(row.name), _of_kind(brought.get(row.name, []), kind))
        if row.what == "note"
        else News(row.on_day, None, [alone[row.name]])
        for row in rows
        if row.what == "note" or row.name in alone
    ]
    return NewsPage(news, total, place)


def readable_notes(session: Session, slugs: Collection[str]) -> dict[str, ItemLine]:
    """Those of these release notes that the reader may open, by address."""
    by_slug: dict[str, dict[str, ItemLine]] = {}
    for (slug, locale), line in details(session, [slug for slug in slugs if slug]).items():
        by_slug.setdefault(slug, {})[locale] = line
    locale = scope_of(session).locale
    return {slug: by[preference(locale, sorted(by))[0]] for slug, by in by_slug.items()}


def newest_notes(session: Session, most: int) -> list[ItemLine]:
    """Release notes that the reader may read, the latest first."""
    wanted = select(KnowledgeItem.slug).where(
        KnowledgeItem.type == RELEASE_NOTE, audience.readable(session)
    )
    return _in_order(session, wanted, most)


def notes_between(session: Session, first: date, end: date) -> list[ItemLine]:
    """Release notes that came out from `first` to before `end`, of those that the reader may read,
    the latest first.
    """
    wanted = select(KnowledgeItem.slug).where(
        KnowledgeItem.type == RELEASE_NOTE,
        KnowledgeItem.published_on >= first,
        KnowledgeItem.published_on < end,
        audience.readable(session),
    )
    return _in_order(session, wanted)


def _in_order(session: Session, wanted: Any, most: int | None = None) -> list[ItemLine]:
    newest = wanted.order_by(KnowledgeItem.published_on.desc(), KnowledgeItem.slug)
    slugs = list(session.scalars(newest.limit(most)))
    notes = readable_notes(session, slugs)
    return [notes[slug] for slug in slugs if slug in notes]


def _of_kind(items: list[RoadmapItem], kind: str) -> list[RoadmapItem]:
    return [item for item in items if not kind or item.kind == kind]


def _rows(session: Session, kind: str) -> CompoundSelect[date, str, str]:
    readable = audience.readable(session)
    released = and_(
        *is_published(),
        SharedRequest.state.in_([state.value for state in STAGES[Stage.RELEASED]]),
        SharedRequest.released_at.is_not(None),
        *([SharedRequest.kind == kind] if kind else []),
    )
    notes: Select[date, str, str] = select(
        KnowledgeItem.published_on.label("on_day"),
        literal("note").label("what"),
        KnowledgeItem.slug.label("name"),
    ).where(KnowledgeItem.type == RELEASE_NOTE, readable)
    brings = exists().where(SharedRequest.release_note == KnowledgeItem.slug)
    if kind:
        notes = notes.where(brings.where(released))
    told = exists().where(
        KnowledgeItem.slug == SharedRequest.release_note,
        KnowledgeItem.type == RELEASE_NOTE,
        readable,
    )
    alone: Select[date, str, str] = select(
        func.date(SharedRequest.released_at).label("on_day"),
        literal("request").label("what"),
        SharedRequest.key.label("name"),
    ).where(released, ~told)
    return union_all(notes, alone)
