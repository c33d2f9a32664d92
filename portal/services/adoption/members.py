"""The account's list of persons, each with what the events know of them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Person
from portal.usage.queries import read_seen


@dataclass(frozen=True, slots=True)
class Member:
    """`number` and `first_at` are None for one who was never seen in an event."""

    team: str
    active_from: date
    active_until: date | None
    number: int | None
    first_at: datetime | None

    def listed_on(self, day: date) -> bool:
        """Provisioned on that day of the account's zone."""
        return self.active_from <= day and (self.active_until is None or self.active_until > day)


def read_members(session: Session, account_id: int) -> list[Member]:
    """In two statements, whatever the days asked of them later."""
    wanted = select(Person.external_id, Person.team, Person.active_from, Person.active_until).where(
        Person.account_id == account_id
    )
    seen = read_seen(session, account_id)
    made = []
    for external_id, team, start, until in session.execute(wanted):
        known = seen.get(external_id)
        number, first_at = (known.number, known.first_at) if known else (None, None)
        made.append(Member(team, start, until, number, first_at))
    return made
