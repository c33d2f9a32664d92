"""What readers made of the hub's texts, for those who keep them.

Counts are over all customers and name none of them. Who they were is told only of accounts that
the reader looks after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden, NotFound
from portal.domain.permissions import Permission
from portal.domain.readings import Association, UseAround, association, share_helped
from portal.models import (
    Account,
    Feature,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeReading,
    KnowledgeVerdict,
)
from portal.services.adoption import feature_use
from portal.services.audience import readable
from portal.services.next_steps import nearest
from portal.tenancy import scope_of, unscoped

AROUND = 28
"""Days before and after a first reading whose use is compared."""
MOST_ACCOUNTS, MOST_WORDS = 40, 100
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


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """An account that the reader looks after."""

    key: str
    name: str
    persons: int
    visits: int
    last_at: datetime


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


def list_statistics(session: Session, *, days: int) -> list[TextRow]:
    """Every published text, those with the most readers first. Raises Forbidden."""
    _may(session)
    since = scope_of(session).now - timedelta(days=days)
    with unscoped(session, WHY) as wide:
        counts = _counts(wide, since)
    items = session.execute(
        select(KnowledgeItem.id, KnowledgeItem.slug, KnowledgeItem.type).where(
            KnowledgeItem.state == "published"
        )
    ).all()
    rows = _rows(session, items, counts)
    return sorted(rows, key=lambda row: (-row.counts.persons, row.title))


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


def text_statistics(session: Session, slug: str, *, days: int) -> TextStatistics:
    """Raises Forbidden, NotFound."""
    _may(session)
    item = session.execute(
        select(KnowledgeItem.id, KnowledgeItem.slug, KnowledgeItem.type).where(
            KnowledgeItem.slug == slug
        )
    ).one_or_none()
    if item is None:
        raise NotFound
    since = scope_of(session).now - timedelta(days=days)
    known = _known(session, item.id)
    with unscoped(session, WHY) as wide:
        counts = _counts(wide, since, item.id)
        objections = _objections(wide, since, item.id, known)
    rows = _rows(session, [item], counts)
    if not rows:
        raise NotFound
    feature_key, feature = _feature(session, item.id)
    return TextStatistics(
        row=rows[0],
        reasons=_tally(objections),
        objections=objections[:MOST_WORDS],
        accounts=_accounts(session, since, item.id),
        feature=feature,
        association=_use_around(session, item.id, feature_key) if feature_key else None,
    )


def _may(session: Session) -> None:
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden


def _counts(wide: Session, since: datetime, item_id: int | None = None) -> dict[int, Counts]:
    read = select(
        KnowledgeReading.item_id,
        func.count(KnowledgeReading.user_id),
        func.count(KnowledgeReading.account_id.distinct()),
        func.sum(KnowledgeReading.times),
    ).where(KnowledgeReading.last_at >= since)
    said = select(
        KnowledgeVerdict.item_id,
        func.count(KnowledgeVerdict.user_id),
        func.sum(case((KnowledgeVerdict.helpful, 1), else_=0)),
    ).where(KnowledgeVerdict.given_at >= since)
    if item_id is not None:
        read = read.where(KnowledgeReading.item_id == item_id)
        said = said.where(KnowledgeVerdict.item_id == item_id)
    answers = {row[0]: row[1:] for row in wide.execute(said.group_by(KnowledgeVerdict.item_id))}
    readers = {row[0]: row[1:] for row in wide.execute(read.group_by(KnowledgeReading.item_id))}
    return {
        number: Counts(*map(int, (*readers.get(number, (0, 0, 0)), *answers.get(number, (0, 0)))))
        for number in {*answers, *readers}
    }


def _rows(session: Session, items: Sequence[Any], counts: dict[int, Counts]) -> list[TextRow]:
    lines = nearest(session, [row.slug for row in items])
    return [
        TextRow(
            slug=row.slug,
            type=row.type,
            title=lines[row.slug].title,
            locale=lines[row.slug].locale,
            counts=counts.get(row.id, Counts()),
        )
        for row in items
        if row.slug in lines
    ]


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
