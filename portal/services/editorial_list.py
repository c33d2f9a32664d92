"""All texts of the hub for those who write: by stage, narrowed, sorted, in pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.knowledge import ARCHIVED, DRAFT, PUBLISHED
from portal.domain.knowledge_workflow import Stage
from portal.domain.permissions import Permission
from portal.locales import LOCALES
from portal.models import KnowledgeDraft, KnowledgeItem, KnowledgeVersion, KnowledgeWork
from portal.search.views import preference
from portal.services.knowledge_people import people
from portal.tenancy import scope_of

SOON = timedelta(days=60)
PAGE_SIZE = 50
# Shelves of the list: a text may stand on several.
ALL, MINE, DRAFTS, REVIEW, SCHEDULED = "", "mine", "drafts", "review", "scheduled"
LIVE, GONE = "published", "archived"
SHELVES = (ALL, MINE, DRAFTS, REVIEW, SCHEDULED, LIVE, GONE)
LATE, NEAR = "late", "soon"
SORTS = ("title", "type", "review", "changed")
_SLUG = KnowledgeItem.slug.expression


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """Empty means any. `lacks`: a language in which it is neither published nor written."""

    shelf: str = ALL
    kind: str = ""
    words: str = ""
    due: str = ""
    lacks: str = ""
    sort: str = "changed"
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class EditorialRow:
    """`published` and `copies` are languages. `changed_at`: when a person last worked on it."""

    slug: str
    type: str
    title: str
    locale: str
    state: str
    stage: Stage
    audience: str
    review_by: date
    changed_at: datetime
    owner: str
    reviewer: str
    mine: bool
    publish_at: datetime | None
    published: tuple[str, ...]
    copies: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        known = {*self.published, *self.copies}
        return tuple(one for one in LOCALES if one not in known)


@dataclass(frozen=True, slots=True)
class EditorialPage:
    """`counts` by shelf, before the choice of one; `first` is the number of the first row."""

    rows: list[EditorialRow]
    counts: Mapping[str, int]
    total: int
    page: int
    pages: int
    first: int


def find_texts(session: Session, question: TextQuestion) -> EditorialPage:
    """Raises Forbidden for those who do not write texts. Six statements, and rows of one page."""
    _may(session)
    fitting = _fitting(session, question)
    counts = _counts(session, fitting)
    total = counts[question.shelf]
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(question.page, pages)
    first = (page - 1) * PAGE_SIZE
    rows = _rows(session, question, fitting, limit=PAGE_SIZE, offset=first)
    return EditorialPage(rows, counts, total, page, pages, first + 1)


def every_text(session: Session, question: TextQuestion) -> list[EditorialRow]:
    """All that fit, in the order asked for."""
    _may(session)
    return _rows(session, question, _fitting(session, question))


def _may(session: Session) -> None:
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden


def _fitting(session: Session, question: TextQuestion) -> list[ColumnElement[bool]]:
    """What is asked beside the shelf."""
    found: list[ColumnElement[bool]] = []
    if question.kind:
        found.append(KnowledgeItem.type == question.kind)
    if question.words:
        title = _title(scope_of(session).locale)
        named = (one.icontains(question.words, autoescape=True) for one in (title, _SLUG))
        found.append(or_(*named))
    if question.due:
        found.append(_is_due(question.due, scope_of(session).now.date()))
    if question.lacks:
        found += [
            ~_stands_in(model, question.lacks) for model in (KnowledgeVersion, KnowledgeDraft)
        ]
    return found


def _is_due(due: str, today: date) -> ColumnElement[bool]:
    by, late = KnowledgeItem.review_by, KnowledgeItem.review_by <= today
    when = late if due == LATE else and_(by > today, by <= today + SOON)
    return and_(KnowledgeItem.state == PUBLISHED, when)


def _stands_in(model: Any, locale: str) -> ColumnElement[bool]:
    return exists().where(model.item_id == KnowledgeItem.id, model.locale == locale)


def _stands_on(session: Session) -> dict[str, ColumnElement[bool]]:
    """The condition of each shelf, on items with their work."""
    live, stage = KnowledgeItem.state != ARCHIVED, KnowledgeWork.state
    copied = exists().where(KnowledgeDraft.item_id == KnowledgeItem.id)
    unwritten = and_(KnowledgeItem.state == DRAFT, ~copied)
    review = and_(live, stage == Stage.REVIEW.value)
    mine = KnowledgeWork.reviewer_id == scope_of(session).user_id
    return {
        ALL: live,
        MINE: and_(review, mine),
        DRAFTS: and_(live, or_(stage == Stage.DRAFT.value, unwritten)),
        REVIEW: review,
        SCHEDULED: and_(live, stage == Stage.SCHEDULED.value),
        LIVE: KnowledgeItem.state == PUBLISHED,
        GONE: KnowledgeItem.state == ARCHIVED,
    }


def _counts(session: Session, fitting: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    shelves = _stands_on(session)
    sums = (func.sum(case((condition, 1), else_=0)) for condition in shelves.values())
    row = session.execute(_with_work(select(*sums)).where(*fitting)).one()
    return {shelf: int(count or 0) for shelf, count in zip(shelves, row, strict=True)}


def _with_work(wanted: Any) -> Any:
    joined = KnowledgeWork.item_id == KnowledgeItem.id
    return wanted.select_from(KnowledgeItem).outerjoin(KnowledgeWork, joined)


def _title(locale: str) -> ColumnElement[str]:
    """In the nearest language that has one, the working copy's before the published one."""
    held = (
        select(func.nullif(model.title, ""))
        .where(model.item_id == KnowledgeItem.id, model.locale == one)
        .correlate(KnowledgeItem)
        .scalar_subquery()
        for one in preference(locale, LOCALES)
        for model in (KnowledgeDraft, KnowledgeVersion)
    )
    return func.coalesce(*held, KnowledgeItem.slug)


def _changed_at() -> ColumnElement[datetime]:
    saved, published = (
        select(func.max(at))
        .where(item_id == KnowledgeItem.id)
        .correlate(KnowledgeItem)
        .scalar_subquery()
        for item_id, at in (
            (KnowledgeDraft.item_id, KnowledgeDraft.saved_at),
            (KnowledgeVersion.item_id, KnowledgeVersion.updated_at),
        )
    )
    later = case((saved > published, saved), else_=published)
    return func.coalesce(later, saved, KnowledgeItem.created_at)


def _order(question: TextQuestion, locale: str) -> tuple[ColumnElement[Any], ...]:
    columns: dict[str, Callable[[], ColumnElement[Any]]] = {
        "title": lambda: func.lower(_title(locale)),
        "type": lambda: KnowledgeItem.type.expression,
        "review": lambda: KnowledgeItem.review_by.expression,
        "changed": _changed_at,
    }
    column = columns[question.sort]()
    return column.desc() if question.descending else column.asc(), KnowledgeItem.slug.asc()


def _rows(
    session: Session,
    question: TextQuestion,
    fitting: Sequence[ColumnElement[bool]],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[EditorialRow]:
    scope = scope_of(session)
    wanted = _with_work(
        select(
            KnowledgeItem.id,
            KnowledgeItem.slug,
            KnowledgeItem.type,
            KnowledgeItem.state,
            KnowledgeItem.audience,
            KnowledgeItem.review_by,
            KnowledgeItem.owner_id,
            KnowledgeItem.created_at,
            KnowledgeWork.state.label("stage"),
            KnowledgeWork.reviewer_id,
            KnowledgeWork.publish_at,
        )
    ).where(*fitting, _stands_on(session)[question.shelf])
    ordered = wanted.order_by(*_order(question, scope.locale)).limit(limit).offset(offset)
    found = session.execute(ordered).all()
    ids = None if limit is None else [row.id for row in found]
    versions = _by_item(session, KnowledgeVersion, KnowledgeVersion.updated_at, ids)
    drafts = _by_item(session, KnowledgeDraft, KnowledgeDraft.saved_at, ids)
    known = people(session, {one for row in found for one in (row.owner_id, row.reviewer_id)})
    names = {number: writer.name for number, writer in known.items()}
    reader = _Reader(scope.locale, scope.user_id, names)
    return [_row(row, versions.get(row.id, {}), drafts.get(row.id, {}), reader) for row in found]


@dataclass(frozen=True, slots=True)
class _Reader:
    locale: str
    user_id: int | None
    names: Mapping[int, str]


Words = dict[str, tuple[str, datetime]]


def _by_item(session: Session, model: Any, at: Any, ids: list[int] | None) -> dict[int, Words]:
    """By language: the title and when it was saved; of all items without `ids`."""
    held: dict[int, Words] = {}
    wanted = select(model.item_id, model.locale, model.title, at)
    if ids is not None:
        wanted = wanted.where(model.item_id.in_(ids))
    for item_id, locale, title, saved in session.execute(wanted):
        held.setdefault(item_id, {})[locale] = (title, saved)
    return held


def _row(row: Any, versions: Words, drafts: Words, reader: _Reader) -> EditorialRow:
    words = {**versions, **{one: said for one, said in drafts.items() if said[0]}}
    titled = {one: said for one, said in words.items() if said[0]}
    locale = preference(reader.locale, sorted(titled))[0] if titled else reader.locale
    saved = [said[1] for said in (*versions.values(), *drafts.values())]
    return EditorialRow(
        slug=row.slug,
        type=row.type,
        title=titled[locale][0] if titled else row.slug,
        locale=locale,
        state=row.state,
        stage=Stage(row.stage or Stage.NONE.value),
        audience=row.audience,
        review_by=row.review_by,
        changed_at=max(saved, default=row.created_at),
        owner=reader.names.get(row.owner_id, ""),
        reviewer=reader.names.get(row.reviewer_id, ""),
        mine=row.reviewer_id is not None and row.reviewer_id == reader.user_id,
        publish_at=row.publish_at,
        published=_in_order(versions),
        copies=_in_order(drafts),
    )


def _in_order(held: Iterable[str]) -> tuple[str, ...]:
    known = set(held)
    return tuple(one for one in LOCALES if one in known)
