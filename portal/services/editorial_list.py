"""All texts of the hub for those who write: by stage, narrowed, sorted, in pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.knowledge import ARCHIVED, PUBLISHED
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
    """Raises Forbidden for those who do not write texts."""
    fitting = _fitting(session, question)
    counts = {shelf: sum(_stands_on(row, shelf) for row in fitting) for shelf in SHELVES}
    rows = _sorted([row for row in fitting if _stands_on(row, question.shelf)], question)
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(question.page, pages)
    first = (page - 1) * PAGE_SIZE
    shown = rows[first : first + PAGE_SIZE]
    return EditorialPage(shown, counts, len(rows), page, pages, first + 1)


def every_text(session: Session, question: TextQuestion) -> list[EditorialRow]:
    """All that fit, in the order asked for."""
    rows = [row for row in _fitting(session, question) if _stands_on(row, question.shelf)]
    return _sorted(rows, question)


def _fitting(session: Session, question: TextQuestion) -> list[EditorialRow]:
    today = scope_of(session).now.date()
    words = question.words.casefold()
    return [
        row
        for row in _rows(session)
        if (not question.kind or row.type == question.kind)
        and (not words or words in row.title.casefold() or words in row.slug)
        and (not question.due or _is_due(row, question.due, today))
        and (not question.lacks or question.lacks in row.missing)
    ]


def _is_due(row: EditorialRow, due: str, today: date) -> bool:
    if row.state != PUBLISHED:
        return False
    return row.review_by <= today if due == LATE else today < row.review_by <= today + SOON


def _stands_on(row: EditorialRow, shelf: str) -> bool:
    live = row.state != ARCHIVED
    return {
        ALL: live,
        MINE: live and row.mine and row.stage is Stage.REVIEW,
        DRAFTS: live and (row.stage is Stage.DRAFT or (row.state == "draft" and not row.copies)),
        REVIEW: live and row.stage is Stage.REVIEW,
        SCHEDULED: live and row.stage is Stage.SCHEDULED,
        LIVE: row.state == PUBLISHED,
        GONE: row.state == ARCHIVED,
    }[shelf]


_ORDERS: dict[str, Callable[[EditorialRow], Any]] = {
    "title": lambda row: row.title.casefold(),
    "type": lambda row: row.type,
    "review": lambda row: row.review_by,
    "changed": lambda row: row.changed_at,
}


def _sorted(rows: Sequence[EditorialRow], question: TextQuestion) -> list[EditorialRow]:
    named = sorted(rows, key=lambda row: row.slug)
    return sorted(named, key=_ORDERS[question.sort], reverse=question.descending)


def _rows(session: Session) -> list[EditorialRow]:
    """Four statements, however many texts there are."""
    scope = scope_of(session)
    if not scope.allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    versions = _by_item(session, KnowledgeVersion, KnowledgeVersion.updated_at)
    drafts = _by_item(session, KnowledgeDraft, KnowledgeDraft.saved_at)
    found = session.execute(
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
        ).outerjoin(KnowledgeWork, KnowledgeWork.item_id == KnowledgeItem.id)
    ).all()
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


def _by_item(session: Session, model: Any, at: Any) -> dict[int, Words]:
    """By language: the title and when it was saved."""
    held: dict[int, Words] = {}
    for item_id, locale, title, saved in session.execute(
        select(model.item_id, model.locale, model.title, at)
    ):
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
