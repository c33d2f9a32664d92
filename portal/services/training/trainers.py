"""Internal trainers (KOL): people of an account who pass on what they have learned."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.models import Account, InternalTrainer, User
from portal.services.audit import record
from portal.tenancy import scope_of

LONGEST_TOPIC = 300


@dataclass(frozen=True, slots=True)
class Trainer:
    """`topic` is what they are asked about; may be empty. `since`: a day of the account's zone."""

    key: str
    name: str
    topic: str
    since: date


def list_trainers(session: Session, account_id: int) -> list[Trainer]:
    rows = session.execute(
        select(User.key, User.name, User.email, InternalTrainer.topic, InternalTrainer.since)
        .join(InternalTrainer, InternalTrainer.user_id == User.id)
        .where(InternalTrainer.account_id == account_id)
        .order_by(InternalTrainer.since, User.id)
    )
    return [Trainer(row.key, row.name or row.email, row.topic, row.since) for row in rows]


def name_trainer(session: Session, person: str, topic: str) -> None:
    """By the account's champion; a second time it changes the topic. Raises Invalid (person)."""
    scope = scope_of(session)
    user = session.execute(
        select(User.id, Account.time_zone)
        .join(Account, Account.id == User.account_id)
        .where(User.key == person, User.account_id == scope.account_id)
    ).one_or_none()
    if user is None:
        said = "Choose somebody of the list."
        raise Invalid(said, code="bad-person", fields={"person": said})
    row = session.get(InternalTrainer, user.id)
    if row is None:
        row = InternalTrainer(
            account_id=scope.account_id,
            user_id=user.id,
            since=scope.now.astimezone(ZoneInfo(user.time_zone)).date(),
            named_by=scope.user_id,
        )
        session.add(row)
    row.topic = topic[:LONGEST_TOPIC]
    record(session, "trainer.named", "user", person, account_id=scope.account_id)
    session.commit()


def unname_trainer(session: Session, person: str) -> None:
    """Raises NotFound."""
    row = session.scalars(
        select(InternalTrainer)
        .join(User, User.id == InternalTrainer.user_id)
        .where(User.key == person)
    ).one_or_none()
    if row is None:
        raise NotFound
    record(session, "trainer.unnamed", "user", person, account_id=row.account_id)
    session.delete(row)
    session.commit()
