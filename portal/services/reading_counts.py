"""How often texts were read within a window, and what was answered to "did this help?".

Over all customers: the statements are for a session over all accounts, and name none of them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.permissions import Permission
from portal.domain.readings import share_helped
from portal.models import KnowledgeItem, KnowledgeReading, KnowledgeVerdict
from portal.services.knowledge import ItemLine
from portal.tenancy import scope_of

WHY = "counts of readers over all customers, which name none"


@dataclass(frozen=True, slots=True)
class Counts:
    """`persons` who have read within the window, of so many `accounts`; `answers` to "did this
    help?", of which `helped` said yes.
    """

    persons: int = 0
    accounts: int = 0
    visits: int = 0
    answers: int = 0
    helped: int = 0

    @property
    def share(self) -> float | None:
        return share_helped(self.helped, self.answers)


@dataclass(frozen=True, slots=True)
class TextRow:
    slug: str
    type: str
    title: str
    locale: str
    counts: Counts


class Counted:
    """Texts with their counts since a moment, as columns that one may sort and sum by."""

    def __init__(self, since: datetime) -> None:
        self._read, self._said = _readers(since), _answers(since)
        self.persons = _none_is_0(self._read.c.persons)
        self.answers = _none_is_0(self._said.c.answers)
        self.helped = _none_is_0(self._said.c.helped)

    def texts(self) -> Any:
        """Columns: id, slug, type, and those of Counts in their order."""
        accounts, visits = _none_is_0(self._read.c.accounts), _none_is_0(self._read.c.visits)
        return (
            select(
                *(KnowledgeItem.id, KnowledgeItem.slug, KnowledgeItem.type),
                *(self.persons.label("persons"), accounts.label("accounts")),
                *(visits.label("visits"), self.answers.label("answers")),
                self.helped.label("helped"),
            )
            .outerjoin(self._read, self._read.c.item_id == KnowledgeItem.id)
            .outerjoin(self._said, self._said.c.item_id == KnowledgeItem.id)
        )


def may_see_counts(session: Session) -> None:
    """Raises Forbidden."""
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden


def text_row(row: Any, line: ItemLine) -> TextRow:
    """`row` of Counted.texts."""
    counts = Counts(*map(int, row[3:8]))
    return TextRow(row.slug, row.type, line.title, line.locale, counts)


def _readers(since: datetime) -> Subquery:
    return (
        select(
            KnowledgeReading.item_id,
            func.count(KnowledgeReading.user_id).label("persons"),
            func.count(KnowledgeReading.account_id.distinct()).label("accounts"),
            func.sum(KnowledgeReading.times).label("visits"),
        )
        .where(KnowledgeReading.last_at >= since)
        .group_by(KnowledgeReading.item_id)
        .subquery()
    )


def _answers(since: datetime) -> Subquery:
    return (
        select(
            KnowledgeVerdict.item_id,
            func.count(KnowledgeVerdict.user_id).label("answers"),
            func.sum(case((KnowledgeVerdict.helpful, 1), else_=0)).label("helped"),
        )
        .where(KnowledgeVerdict.given_at >= since)
        .group_by(KnowledgeVerdict.item_id)
        .subquery()
    )


def _none_is_0(column: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(column, 0)
