"""What the people of one account read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account, KnowledgeItem, KnowledgeReading
from portal.services.audience import readable
from portal.services.next_steps import nearest
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A text that people of one account have read."""

    slug: str
    type: str
    title: str
    locale: str
    persons: int
    visits: int
    last_at: datetime


def texts_of_account(session: Session, account_key: str, *, days: int, most: int) -> list[ReadRow]:
    """What most of its people have read within so many days; nothing of an account out of reach."""
    since = scope_of(session).now - timedelta(days=days)
    persons, last_at = func.count(KnowledgeReading.user_id), func.max(KnowledgeReading.last_at)
    visits = func.sum(KnowledgeReading.times)
    rows = session.execute(
        select(
            *(KnowledgeItem.slug, KnowledgeItem.type),
            *(persons.label("persons"), visits.label("visits"), last_at.label("last_at")),
        )
        .join(KnowledgeReading, KnowledgeReading.item_id == KnowledgeItem.id)
        .join(Account, Account.id == KnowledgeReading.account_id)
        .where(Account.key == account_key, KnowledgeReading.last_at >= since, readable(session))
        .group_by(KnowledgeItem.slug, KnowledgeItem.type)
        .order_by(persons.desc(), visits.desc(), KnowledgeItem.slug)
        .limit(most)
    ).all()
    lines = nearest(session, [row.slug for row in rows]) if rows else {}
    return [
        ReadRow(
            *(row.slug, row.type, lines[row.slug].title, lines[row.slug].locale),
            *(row.persons, int(row.visits), row.last_at),
        )
        for row in rows
        if row.slug in lines
    ]
