"""What the hub gives to machines: addresses for search engines, a feed, a text as it was written.
Everything here asks for `readable`, as every page of the hub does.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.audience import PUBLIC
from portal.domain.errors import NotFound
from portal.models import KnowledgeItem, KnowledgeVersion
from portal.search.views import preference
from portal.services.audience import readable
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class PublicText:
    """A text that everybody may read; `changed_at` is when one of its versions was saved last."""

    slug: str
    type: str
    changed_at: datetime
    locales: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text as a feed tells it, in the reader's language or the nearest."""

    slug: str
    type: str
    locale: str
    title: str
    summary: str
    published_on: date
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text as its author wrote it, in Markdown."""

    title: str
    summary: str
    body: str
    locale: str
    public: bool


def count_public(session: Session) -> int:
    """Items, not versions."""
    condition = (readable(session), KnowledgeItem.audience == PUBLIC)
    found = session.scalar(select(func.count()).select_from(KnowledgeItem).where(*condition))
    return found or 0


def list_public(session: Session, *, limit: int, offset: int = 0) -> list[PublicText]:
    """By slug. Nothing but what is public, whoever asks: search engines keep what they read."""
    chosen = (
        select(KnowledgeItem.id)
        .where(readable(session), KnowledgeItem.audience == PUBLIC)
        .order_by(KnowledgeItem.slug)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    rows = session.execute(
        select(
            KnowledgeItem.slug,
            KnowledgeItem.type,
            KnowledgeVersion.locale,
            KnowledgeVersion.updated_at,
        )
        .join(chosen, chosen.c.id == KnowledgeItem.id)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .order_by(KnowledgeItem.slug, KnowledgeVersion.locale)
    )
    texts: dict[str, PublicText] = {}
    for slug, kind, locale, updated_at in rows:
        held = texts.get(slug)
        latest = updated_at if held is None else max(updated_at, held.changed_at)
        locales = [*(held.locales if held else []), locale]
        texts[slug] = PublicText(slug, kind, latest, locales)
    return list(texts.values())


def newest_entries(session: Session, *, limit: int) -> list[Entry]:
    """The newest that the session's reader may read."""
    chosen = (
        select(KnowledgeItem.id)
        .where(readable(session))
        .order_by(KnowledgeItem.published_on.desc(), KnowledgeItem.slug)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(
            KnowledgeItem.slug,
            KnowledgeItem.type,
            KnowledgeItem.published_on,
            KnowledgeVersion.locale,
            KnowledgeVersion.title,
            KnowledgeVersion.summary,
            KnowledgeVersion.updated_at,
        )
        .join(chosen, chosen.c.id == KnowledgeItem.id)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .order_by(KnowledgeItem.published_on.desc(), KnowledgeItem.slug)
    )
    versions: dict[str, dict[str, Entry]] = {}
    for row in rows:
        entry = Entry(
            row.slug,
            row.type,
            row.locale,
            row.title,
            row.summary,
            row.published_on,
            row.updated_at,
        )
        versions.setdefault(row.slug, {})[row.locale] = entry
    locale = scope_of(session).locale
    return [held[preference(locale, sorted(held))[0]] for held in versions.values()]


def written_text(session: Session, slug: str) -> WrittenText:
    """Raises NotFound, also for what the reader may not read."""
    rows = session.execute(
        select(
            KnowledgeItem.audience,
            KnowledgeVersion.locale,
            KnowledgeVersion.title,
            KnowledgeVersion.summary,
            KnowledgeVersion.body,
        )
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.slug == slug, readable(session))
    ).all()
    if not rows:
        raise NotFound
    nearest = preference(scope_of(session).locale, [row.locale for row in rows])[0]
    row = next(one for one in rows if one.locale == nearest)
    return WrittenText(row.title, row.summary, row.body, row.locale, row.audience == PUBLIC)
