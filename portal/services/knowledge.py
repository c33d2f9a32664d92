"""Reading the knowledge hub. Each statement is narrowed to what the reader may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from portal.domain.audience import PUBLIC
from portal.domain.errors import NotFound
from portal.domain.knowledge import TYPES
from portal.models import KnowledgeFeature, KnowledgeItem, KnowledgeVersion
from portal.search.views import preference
from portal.services.audience import readable, readable_of_few, tokens_of
from portal.services.knowledge_features import features_taught
from portal.tenancy import scope_of

MOST_RELATED, MOST_COMPARED = 4, 400
ITEM = (
    KnowledgeItem.id,
    KnowledgeItem.slug,
    KnowledgeItem.type,
    KnowledgeItem.minutes,
    KnowledgeItem.published_on,
)

PAGE = (
    *ITEM,
    KnowledgeItem.audience,
    KnowledgeItem.review_by,
    KnowledgeItem.consent_on,
    KnowledgeItem.benchmark,
    KnowledgeItem.event_kind,
    KnowledgeItem.starts_at,
    KnowledgeItem.ends_at,
    KnowledgeItem.zone,
    KnowledgeItem.link,
    KnowledgeVersion.place,
    KnowledgeVersion.locale,
    KnowledgeVersion.title,
    KnowledgeVersion.summary,
    KnowledgeVersion.effect,
    KnowledgeVersion.html,
    KnowledgeVersion.outline,
    KnowledgeVersion.comparison,
    KnowledgeVersion.updated_at,
)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as a list shows it, in the reader's language or the nearest (`locale`)."""

    slug: str
    type: str
    minutes: int
    published_on: date
    locale: str
    title: str
    summary: str
    effect: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """`counts` of what the reader may see, by type, before the choice of one type."""

    total: int
    counts: Mapping[str, int]
    lines: list[ItemLine]


@dataclass(frozen=True, slots=True)
class Gathering:
    """What an event says beside its text. `kind` is one of EVENT_KINDS; `place` or `link` may be
    empty, never both.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    link: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """An item to be read. `html` is sanitised; `outline`, `comparison` as in PageText.
    `locales` are the languages that it stands in. `public`: no sign-in is needed.
    """

    line: ItemLine
    html: str
    outline: list[list[str]]
    comparison: list[list[str]]
    locales: tuple[str, ...]
    public: bool
    review_by: date
    consent_on: date | None
    updated_at: datetime
    features: list[tuple[str, str]]
    related: list[ItemLine] = field(default_factory=list)
    benchmark: bool = False
    gathering: Gathering | None = None


def list_items(
    session: Session,
    *,
    kind: str | None = None,
    feature: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> ItemList:
    """The newest first, of one type and of one feature where asked."""
    seen = [readable(session)]
    if feature is not None:
        seen.append(_teaches(feature))
    counts = _counts(session, seen)
    chosen = [*seen, KnowledgeItem.type == kind] if kind else seen
    found = session.execute(
        select(*ITEM).where(*chosen).order_by(*_newest()).limit(limit).offset(offset)
    ).all()
    total = counts.get(kind, 0) if kind else sum(counts.values())
    return ItemList(total, counts, _lines(session, found))


def shelves(session: Session, *, each: int = 4) -> ItemList:
    """The newest few of every type."""
    seen = readable(session)
    place = func.row_number().over(partition_by=KnowledgeItem.type, order_by=_newest())
    ranked = select(*ITEM, place.label("place")).where(seen).subquery()
    columns = [ranked.c[column.key] for column in ITEM]
    newest = select(*columns).where(ranked.c.place <= each).order_by(ranked.c.place)
    counts = _counts(session, [seen])
    return ItemList(sum(counts.values()), counts, _lines(session, session.execute(newest).all()))


def read_item(session: Session, slug: str) -> ItemPage:
    """Raises NotFound, also for what the reader may not read."""
    versions = session.execute(
        select(*PAGE)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.slug == slug, readable(session))
    ).all()
    if not versions:
        raise NotFound
    order = preference(scope_of(session).locale, [row.locale for row in versions])
    chosen = next(row for row in versions if row.locale == order[0])
    return ItemPage(
        line=_line(chosen),
        html=chosen.html,
        outline=chosen.outline,
        comparison=chosen.comparison,
        locales=tuple(order),
        public=chosen.audience == PUBLIC,
        review_by=chosen.review_by,
        consent_on=chosen.consent_on,
        updated_at=chosen.updated_at,
        features=features_taught(session, chosen.id),
        related=_related(session, chosen.id),
        benchmark=chosen.benchmark,
        gathering=_gathering(chosen),
    )


def _gathering(row: Any) -> Gathering | None:
    if row.starts_at is None or row.ends_at is None:
        return None
    return Gathering(
        kind=row.event_kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        place=row.place,
        link=row.link,
    )


def details(session: Session, slugs: Iterable[str]) -> dict[tuple[str, str], ItemLine]:
    """Lines by slug and locale, of what the reader may see: the second wall behind the index."""
    asked = sorted(set(slugs))
    if not asked:
        return {}
    rows = session.execute(_details(tokens_of(session)), {"slugs": asked})
    return {(row.slug, row.locale): _line(row) for row in rows}


@lru_cache(maxsize=256)
def _details(tokens: frozenset[str]) -> Any:
    slugs: Any = bindparam("slugs", expanding=True)
    return _with_versions().where(KnowledgeItem.slug.in_(slugs), readable_of_few(tokens))


def _counts(session: Session, seen: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    rows = session.execute(
        select(KnowledgeItem.type, func.count()).where(*seen).group_by(KnowledgeItem.type)
    )
    found = {kind: int(count) for kind, count in rows}
    return {kind: found[kind] for kind in TYPES if kind in found}


def _teaches(feature: str) -> ColumnElement[bool]:
    teaching = select(KnowledgeFeature.item_id).where(KnowledgeFeature.feature_key == feature)
    return KnowledgeItem.id.in_(teaching)


def _newest() -> tuple[Any, ...]:
    return KnowledgeItem.published_on.desc(), KnowledgeItem.slug


def _with_versions() -> Any:
    return select(
        *ITEM,
        KnowledgeVersion.locale,
        KnowledgeVersion.title,
        KnowledgeVersion.summary,
        KnowledgeVersion.effect,
    ).join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)


def _lines(session: Session, items: Sequence[Any]) -> list[ItemLine]:
    """In the order of `items`, which the reader may see."""
    ids = [row.id for row in items]
    if not ids:
        return []
    return _nearest(
        session, session.execute(_with_versions().where(KnowledgeItem.id.in_(ids))), ids
    )


def _nearest(session: Session, rows: Iterable[Any], ids: Sequence[int]) -> list[ItemLine]:
    by_item: dict[int, dict[str, Any]] = {}
    for row in rows:
        by_item.setdefault(row.id, {})[row.locale] = row
    locale = scope_of(session).locale
    found = (by_item[number] for number in ids if number in by_item)
    return [_line(versions[preference(locale, sorted(versions))[0]]) for versions in found]


def _line(row: Any) -> ItemLine:
    return ItemLine(
        slug=row.slug,
        type=row.type,
        minutes=row.minutes,
        published_on=row.published_on,
        locale=row.locale,
        title=row.title,
        summary=row.summary,
        effect=row.effect,
    )


def _related(session: Session, item_id: int) -> list[ItemLine]:
    """Those that share the most features with it, of the MOST_COMPARED that share most: thousands
    may share the commonest feature, and each would have to be looked at.
    """
    taught = select(KnowledgeFeature.feature_key).where(KnowledgeFeature.item_id == item_id)
    sharing = (
        select(KnowledgeFeature.item_id, func.count().label("shared"))
        .where(KnowledgeFeature.feature_key.in_(taught), KnowledgeFeature.item_id != item_id)
        .group_by(KnowledgeFeature.item_id)
        .order_by(func.count().desc(), KnowledgeFeature.item_id.desc())
        .limit(MOST_COMPARED)
        .subquery()
    )
    shared = (
        select(KnowledgeItem.id, sharing.c.shared, KnowledgeItem.published_on)
        .join(sharing, sharing.c.item_id == KnowledgeItem.id)
        .where(readable(session))
        .order_by(sharing.c.shared.desc(), KnowledgeItem.published_on.desc(), KnowledgeItem.id)
        .limit(MOST_RELATED)
        .subquery()
    )
    rows = session.execute(
        _with_versions()
        .join(shared, shared.c.id == KnowledgeItem.id)
        .order_by(shared.c.shared.desc(), shared.c.published_on.desc(), shared.c.id)
    ).all()
    return _nearest(session, rows, list(dict.fromkeys(row.id for row in rows)))
