"""An account's list of persons beside who was seen, as columns."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.models import Person, UsagePerson
from portal.usage.days import Numbers
from portal.usage.moments import microseconds

NEVER = np.iinfo(np.int64).max
NOBODY = -1
A_PERSON = 200
_LISTED = select(Person.external_id, Person.team, Person.active_from, Person.active_until).where(
    Person.account_id == bindparam("account")
)
_SEEN = select(UsagePerson.external_id, UsagePerson.number, UsagePerson.first_at).where(
    UsagePerson.account_id == bindparam("account")
)


@dataclass(frozen=True, slots=True)
class Roster:
    """One element a listed person: `numbers` in the rollups (NOBODY: never seen), when they were
    first seen (microseconds, NEVER), the place of their team in `team_names`, and the days
    (ordinals) from which and before which they are provisioned. `seen`: user id → number.
    """

    people_version: int
    numbers: Numbers
    first_at: Numbers
    teams: Numbers
    begins: Numbers
    ends: Numbers
    team_names: list[str]
    seen: dict[str, int]

    @property
    def size(self) -> int:
        """In bytes, about."""
        return A_PERSON * (self.numbers.size + len(self.seen))

    def on(self, day: date) -> Any:
        """Which of the persons are provisioned on the day."""
        ordinal = day.toordinal()
        return (self.begins <= ordinal) & (self.ends > ordinal)

    def count(self, day: date) -> int:
        return int(self.on(day).sum())

    def known(self, day: date) -> Any:
        """The numbers of those provisioned on the day who were ever seen."""
        numbers = self.numbers[self.on(day)]
        return BitMap(np.sort(numbers[numbers != NOBODY]).astype(np.uint32))

    def activated(self, day: date, until: datetime) -> int:
        """Of those provisioned on the day, who was seen before `until`."""
        return int((self.first_at[self.on(day)] < microseconds(until)).sum())

    def continues(self, other: "Roster") -> bool:
        """Whether everybody has the number that they had: a rebuild gives new ones."""
        return all(self.seen.get(name) == number for name, number in other.seen.items())


def read_roster(session: Session, account: int, people_version: int) -> Roster:
    """Joined here and not by the database, as in queries.py."""
    seen = session.execute(_SEEN, {"account": account}).all()
    known = {name: (number, microseconds(first)) for name, number, first in seen}
    listed = session.execute(_LISTED, {"account": account}).all()
    names = sorted({team for _, team, _, _ in listed})
    places = {team: place for place, team in enumerate(names)}
    met = [known.get(name, (NOBODY, NEVER)) for name, _, _, _ in listed]
    return Roster(
        people_version=people_version,
        numbers=np.array([number for number, _ in met], np.int64),
        first_at=np.array([first for _, first in met], np.int64),
        teams=np.array([places[team] for _, team, _, _ in listed], np.int64),
        begins=np.array([begin.toordinal() for _, _, begin, _ in listed], np.int64),
        ends=np.array([end.toordinal() if end else NEVER for *_, end in listed], np.int64),
        team_names=names,
        seen={name: number for name, (number, _) in known.items()},
    )
