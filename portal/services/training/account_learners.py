"""People of an account who may learn here: those who sign in."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Person, User


@dataclass(frozen=True, slots=True)
class Learning:
    """Somebody of the account who may sign in. `team` as the account's list of persons has it."""

    id: int
    key: str
    name: str
    email: str
    team: str


def learners_of(session: Session, account_id: int) -> list[Learning]:
    """By name."""
    team = (
        select(func.max(Person.team))
        .where(
            Person.account_id == account_id,
            func.lower(Person.email) == func.lower(User.email),
            Person.active_until.is_(None),
        )
        .correlate(User)
        .scalar_subquery()
    )
    rows = session.execute(
        select(User.id, User.key, User.name, User.email, team.label("team"))
        .where(User.account_id == account_id, User.active.is_(True))
        .order_by(func.lower(User.name), User.id)
    )
    return [
        Learning(row.id, row.key, row.name or row.email, row.email, row.team or "") for row in rows
    ]
