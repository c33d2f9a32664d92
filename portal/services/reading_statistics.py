"""What readers made of one text, for those who keep it.

Counts are over all customers and name none of them. Who they were is told only of accounts that
the reader looks after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.readings import Association, UseAround, association
from portal.models import (
    Account,
    Feature,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeReading,
    KnowledgeVerdict,
)
from portal.services.adoption import feature_use
from portal.services.next_steps import nearest
from portal.services.reading_counts import WHY, Counted, TextRow, may_see_counts, text_row
from portal.tenancy import scope_of, unscoped

AROUND = 28
"""Days before and after a first reading whose use is compared."""
MOST_ACCOUNTS, MOST_WORDS = 40, 100


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """An account that the reader looks after."""

    key: str
    name: str
    persons: int
    visits: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Objection:
    """`account` is None where the reader does not look after whoever said it."""

    given_at: datetime
    reason: str
    words: str
    locale: str
    account: str | None


@dataclass(frozen=True, slots=True)
class TextStatistics:
    row: TextRow
    reasons: dict[str, int]
    objections: list[Objection]
    accounts: list[ReaderRow]
    feature: str
    association: Association | None = None


def text_statistics(session: Session, slug: str, *, days: int) -> TextStatistics:
    """Raises Forbidden, NotFound."""
    may_see_counts(session)
    line = nearest(session, [slug]).get(slug)
    if line is None:
        raise NotFound
    since = scope_of(session).now - timedelta(days=days)
    item_id = session.scalars(select(KnowledgeItem.id).where(KnowledgeItem.slug == slug)).one()
    known = _known(session, item_id)
    with unscoped(session, WHY) as wide:
        row = wide.execute(Counted(since).texts().where(KnowledgeItem.id == item_id)).one()
        objections = _objections(wide, since, item_id, known)
    feature_key, feature = _feature(session, item_id)
    return TextStatistics(
        row=text_row(row, line),
        reasons=_tally(objections),
        objections=objections[:MOST_WORDS],
        accounts=_accounts(session, since, item_id),
        feature=feature,
        association=_use_around(session, item_id, feature_key) if feature_key else None,
    )


def _known(session: Session, item_id: int) -> dict[int, str]:
    """Names of the accounts within reach that have said something on the text."""
    rows = session.execute(
        select(Account.id, Account.name)
        .join(KnowledgeVerdict, KnowledgeVerdict.account_id == Account.id)
        .where(KnowledgeVerdict.item_id == item_id)
        .distinct()
    )
    return {number: name for number, name in rows}  # noqa: C416 # rows are typed, dict() of them is not


def _objections(
    wide: Session, since: datetime, item_id: int, known: dict[int, str]
) -> list[Objection]:
    """The newest first."""
    asked: Select[Any] = (
        select(KnowledgeVerdict)
        .where(KnowledgeVerdict.item_id == item_id, KnowledgeVerdict.helpful.is_(False))
        .where(KnowledgeVerdict.given_at >= since)
        .order_by(KnowledgeVerdict.given_at.desc(), KnowledgeVerdict.user_id)
    )
    return [
        Objection(row.given_at, row.reason, row.words, row.locale, known.get(row.account_id))
        for row in wide.scalars(asked)
    ]


def _tally(objections: Sequence[Objection]) -> dict[str, int]:
    tally: dict[str, int] = {}
    for one in objections:
        tally[one.reason] = tally.get(one.reason, 0) + 1
    return dict(sorted(tally.items(), key=lambda pair: -pair[1]))


def _accounts(session: Session, since: datetime, item_id: int) -> list[ReaderRow]:
    visits = func.sum(KnowledgeReading.times)
    rows = session.execute(
        select(
            Account.key,
            Account.name,
            func.count(KnowledgeReading.user_id),
            visits,
            func.max(KnowledgeReading.last_at),
        )
        .join(KnowledgeReading, KnowledgeReading.account_id == Account.id)
        .where(KnowledgeReading.item_id == item_id, KnowledgeReading.last_at >= since)
        .group_by(Account.key, Account.name)
        .order_by(visits.desc(), Account.name)
    )
    return [ReaderRow(row[0], row[1], row[2], int(row[3]), row[4]) for row in rows]


def _feature(session: Session, item_id: int) -> tuple[str, str]:
    """Key and name of what the text is mainly about; ("", "") where the catalogue has it not."""
    row = session.execute(
        select(Feature.key, Feature.name_en, Feature.name_zh)
        .join(KnowledgeFeature, KnowledgeFeature.feature_key == Feature.key)
        .where(KnowledgeFeature.item_id == item_id)
        .order_by(KnowledgeFeature.position)
        .limit(1)
    ).one_or_none()
    if row is None:
        return "", ""
    chinese = row.name_zh if scope_of(session).locale != "en" else ""
    return row.key, chinese or row.name_en


def _use_around(session: Session, item_id: int, feature_key: str) -> Association | None:
    """Of the accounts within reach, those that read it first and have four weeks on both sides."""
    first = func.min(KnowledgeReading.first_at)
    rows = session.execute(
        select(Account.key, first)
        .join(KnowledgeReading, KnowledgeReading.account_id == Account.id)
        .where(KnowledgeReading.item_id == item_id)
        .group_by(Account.key)
        .having(first <= scope_of(session).now - timedelta(days=AROUND + 2))
        .order_by(first.desc())
        .limit(MOST_ACCOUNTS)
    ).all()
    found = (_uses_of(session, key, read_at, feature_key) for key, read_at in rows)
    return association([one for one in found if one is not None])


def _uses_of(
    session: Session, account_key: str, read_at: datetime, feature_key: str
) -> UseAround | None:
    day = read_at.date()
    before, after = (
        next(
            (
                one.uses
                for one in feature_use(session, account_key, until, AROUND)
                if one.key == feature_key
            ),
            None,
        )
        for until in (day - timedelta(days=1), day + timedelta(days=AROUND))
    )
    return UseAround(before, after) if before is not None and after is not None else None
