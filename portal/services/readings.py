"""Who has read a text, whether it helped, and how many colleagues know it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import CUSTOMER_ROLES
from portal.domain.readings import LONGEST_WORDS, NEW_VISIT, REASONS
from portal.models import (
    Account,
    Feature,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeReading,
    KnowledgeVerdict,
)
from portal.services.account_settings import GROUPS
from portal.services.adoption import feature_use
from portal.services.audience import readable
from portal.services.once import add_once
from portal.tenancy import scope_of

SMALLEST_GROUP = 5
"""Of accounts that show persons in groups only."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is one of domain.readings.REASONS where the text did not help, else empty."""

    helpful: bool
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """Of the reader's own account: how many colleagues have read the text, how many persons used
    the feature that it is about within 30 days. None where that must not or cannot be said.
    """

    readers: int | None
    users: int | None
    feature: str
    verdict: Verdict | None


def note_reading(session: Session, slug: str) -> bool:
    """Whether it was counted: only people of customers are. Raises NotFound. Commits."""
    item_id = _item(session, slug)
    who = _customer(session)
    if who is None:
        return False
    scope = scope_of(session)
    held = session.get(KnowledgeReading, (who[0], item_id, who[1]))
    if held is None:
        row = KnowledgeReading(
            account_id=who[0],
            item_id=item_id,
            user_id=who[1],
            locale=scope.locale,
            first_at=scope.now,
            last_at=scope.now,
        )
        add_once(session, row, "account_id")
    elif scope.now - held.last_at >= NEW_VISIT:
        held.last_at, held.times, held.locale = scope.now, held.times + 1, scope.locale
    session.commit()
    return True


def give_verdict(session: Session, slug: str, verdict: Verdict) -> None:
    """The reader's newest word on the text. Raises NotFound, and Invalid with `reason` or `words`.
    Those of the vendor give none. Commits.
    """
    item_id = _item(session, slug)
    _check(verdict)
    who = _customer(session)
    if who is None:
        return
    scope = scope_of(session)
    row = KnowledgeVerdict(
        account_id=who[0],
        item_id=item_id,
        user_id=who[1],
        locale=scope.locale,
        helpful=verdict.helpful,
        reason="" if verdict.helpful else verdict.reason,
        words="" if verdict.helpful else verdict.words,
        given_at=scope.now,
    )
    session.merge(row)
    session.commit()


def own_company(session: Session, slug: str) -> Company | None:
    """None for those who belong to no customer. Raises NotFound."""
    item_id = _item(session, slug)
    who = _customer(session)
    if who is None:
        return None
    account = session.execute(
        select(Account.key, Account.people_shown).where(Account.id == who[0])
    ).one()
    least = SMALLEST_GROUP if account.people_shown == GROUPS else 1
    readers = _readers(session, item_id, who[1])
    feature, users = _users(session, item_id, account.key)
    return Company(
        readers=readers if readers >= least else None,
        users=users if users is not None and users >= least else None,
        feature=feature,
        verdict=_verdict(session, who, item_id),
    )


def read_slugs(session: Session, user_id: int) -> set[str]:
    """Texts that the person has read."""
    rows = session.scalars(
        select(KnowledgeItem.slug)
        .join(KnowledgeReading, KnowledgeReading.item_id == KnowledgeItem.id)
        .where(KnowledgeReading.user_id == user_id)
    )
    return set(rows)


def _item(session: Session, slug: str) -> int:
    found = session.scalar(
        select(KnowledgeItem.id).where(KnowledgeItem.slug == slug, readable(session))
    )
    if found is None:
        raise NotFound
    return found


def _customer(session: Session) -> tuple[int, int] | None:
    """(account, user) of a person of a customer."""
    scope = scope_of(session)
    if scope.role not in CUSTOMER_ROLES or scope.user_id is None:
        return None
    if scope.accounts is None or len(scope.accounts) != 1:
        return None
    return next(iter(scope.accounts)), scope.user_id


def _check(verdict: Verdict) -> None:
    wrong = {}
    if not verdict.helpful and verdict.reason not in REASONS:
        wrong["reason"] = "Choose what was missing."
    if len(verdict.words) > LONGEST_WORDS:
        wrong["words"] = f"At most {LONGEST_WORDS} characters."
    if wrong:
        raise Invalid("The answer was not kept.", fields=wrong)


def _readers(session: Session, item_id: int, me: int) -> int:
    found = session.scalar(
        select(func.count(KnowledgeReading.user_id)).where(
            KnowledgeReading.item_id == item_id, KnowledgeReading.user_id != me
        )
    )
    return found or 0


def _users(session: Session, item_id: int, account_key: str) -> tuple[str, int | None]:
    """The main feature by its name and who used it; (“”, None) where the contract has it not."""
    key = session.scalar(
        select(Feature.key)
        .join(KnowledgeFeature, KnowledgeFeature.feature_key == Feature.key)
        .where(KnowledgeFeature.item_id == item_id)
        .order_by(KnowledgeFeature.position)
        .limit(1)
    )
    for use in feature_use(session, account_key) if key else ():
        if use.key == key:
            return use.name(scope_of(session).locale), use.persons
    return "", None


def _verdict(session: Session, who: tuple[int, int], item_id: int) -> Verdict | None:
    row = session.get(KnowledgeVerdict, (who[0], item_id, who[1]))
    return None if row is None else Verdict(row.helpful, row.reason, row.words)
