"""The published texts with what readers made of them: narrowed, sorted, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from portal.domain.knowledge import PUBLISHED
from portal.domain.paging import place_in
from portal.domain.readings import FEWEST_VERDICTS
from portal.locales import LOCALES
from portal.models import KnowledgeItem, KnowledgeVersion
from portal.search.views import preference
from portal.services.audience import readable
from portal.services.next_steps import nearest
from portal.services.reading_counts import WHY, Counted, TextRow, may_see_counts, text_row
from portal.tenancy import scope_of, unscoped

PAGE_SIZE = 50
READERS, HELPED, TITLE = "readers", "helped", "title"
SORTS = (READERS, HELPED, TITLE)


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """`days` of the window that ends now; `kind` None: all types. `page` counts from 1."""

    days: int
    kind: str | None = None
    sort: str = READERS
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class ReadingSums:
    """Of `texts` that fit, `read` had readers; `answers` and `helped` are those on these."""

    texts: int
    read: int
    answers: int
    helped: int


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """`first` is the number of the first row."""

    rows: list[TextRow]
    sums: ReadingSums
    page: int
    pages: int
    first: int

    @property
    def total(self) -> int:
        return self.sums.texts


def find_readings(session: Session, question: ReadingQuestion) -> ReadingPage:
    """Four statements, and rows of one page; one past the end is the last. Raises Forbidden."""
    may_see_counts(session)
    fitting = _fitting(session, question)
    counted = _counted(session, question)
    with unscoped(session, WHY) as wide:
        sums = _sums(wide, counted, fitting)
        at = place_in(sums.texts, PAGE_SIZE, question.page)
        wanted = _ordered(counted, fitting, question, scope_of(session).locale)
        found = wide.execute(wanted.limit(PAGE_SIZE).offset(at.offset)).all()
    return ReadingPage(_rows(session, found), sums, at.page, at.pages, at.first)


def every_reading(session: Session, question: ReadingQuestion) -> list[TextRow]:
    """All that fit, in the order asked for. Raises Forbidden."""
    may_see_counts(session)
    fitting, counted = _fitting(session, question), _counted(session, question)
    with unscoped(session, WHY) as wide:
        wanted = _ordered(counted, fitting, question, scope_of(session).locale)
        found = wide.execute(wanted).all()
    return _rows(session, found)


def _counted(session: Session, question: ReadingQuestion) -> Counted:
    return Counted(scope_of(session).now - timedelta(days=question.days))


def _fitting(session: Session, question: ReadingQuestion) -> list[ColumnElement[bool]]:
    found = [KnowledgeItem.state == PUBLISHED, readable(session)]
    if question.kind:
        found.append(KnowledgeItem.type == question.kind)
    return found


def _sums(wide: Session, counted: Counted, fitting: Sequence[ColumnElement[bool]]) -> ReadingSums:
    one = counted.texts().where(*fitting).subquery()
    read = one.c.persons > 0
    numbers = (func.sum(case((read, what), else_=0)) for what in (1, one.c.answers, one.c.helped))
    row = wide.execute(select(func.count(), *numbers).select_from(one)).one()
    return ReadingSums(*(int(number or 0) for number in row))


def _ordered(
    counted: Counted,
    fitting: Sequence[ColumnElement[bool]],
    question: ReadingQuestion,
    locale: str,
) -> Any:
    title = func.lower(_title(locale))
    few = counted.answers < FEWEST_VERDICTS
    share = case((few, 0.0), else_=counted.helped * 1.0 / counted.answers)
    sorted_by = {READERS: counted.persons, HELPED: share, TITLE: title}[question.sort]
    turned = sorted_by.desc() if question.descending else sorted_by.asc()
    # What too few have answered stands behind what helped, whichever way round.
    first = [case((few, 1), else_=0)] if question.sort == HELPED else []
    return counted.texts().where(*fitting).order_by(*first, turned, title, KnowledgeItem.slug)


def _title(locale: str) -> ColumnElement[str]:
    """In the nearest language that it stands in."""
    held = (
        select(KnowledgeVersion.title)
        .where(KnowledgeVersion.item_id == KnowledgeItem.id, KnowledgeVersion.locale == one)
        .correlate(KnowledgeItem)
        .scalar_subquery()
        for one in preference(locale, LOCALES)
    )
    return func.coalesce(*held, KnowledgeItem.slug)


def _rows(session: Session, found: Sequence[Any]) -> list[TextRow]:
    lines = nearest(session, [row.slug for row in found])
    return [text_row(row, lines[row.slug]) for row in found if row.slug in lines]
