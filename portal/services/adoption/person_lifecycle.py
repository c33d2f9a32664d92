"""The lifecycle of persons week by week: new, returning, resurrecting, dormant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.models import Person
from portal.services.adoption.basis import Basis, basis_of
from portal.services.adoption.weeks import USUAL_WEEKS, PersonWeeks, read_weeks
from portal.usage.queries import provisioned_on

STATES = ("new", "returning", "resurrecting", "dormant")


@dataclass(frozen=True, slots=True)
class WeekMoves:
    """`new`: whose first active week this is; `returning`: active this week and the last;
    `resurrecting`: active this week, not the week before, but earlier; `dormant`: active the week
    before, not this one. The first three make up the active.
    """

    monday: date
    new: int
    returning: int
    resurrecting: int
    dormant: int

    @property
    def active(self) -> int:
        return self.new + self.returning + self.resurrecting


@dataclass(frozen=True, slots=True)
class Moves:
    """`named`: whether persons may be listed."""

    basis: Basis
    named: bool
    weeks: list[WeekMoves]


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """`last_day` is the last active one, whatever the week. `provisioned`: on that day's list."""

    external_id: str
    name: str
    team: str
    provisioned: bool
    last_day: date


def person_moves(
    session: Session, account_key: str, as_of: date | None = None, weeks: int = USUAL_WEEKS
) -> Moves:
    """The last `weeks` whole weeks (Monday to Sunday over there). Raises NotFound, Invalid."""
    found = read_weeks(session, account_key, as_of, weeks)
    counts = [
        WeekMoves(monday, **{name: len(_in_state(found, place, name)) for name in STATES})
        for place, monday in enumerate(found.mondays)
    ]
    named = found.window.account.people_shown == "named"
    return Moves(basis_of(found.window), named, counts)


def moved_persons(
    session: Session, account_key: str, state: str, as_of: date | None = None
) -> list[MovedPerson]:
    """Who is in the state in the last whole week up to `as_of`, by name; nobody where the account
    shows people only in groups. Raises NotFound, Invalid.
    """
    if state not in STATES:
        said = f"One of {', '.join(STATES)}."
        raise Invalid(said, fields={"state": said})
    found = read_weeks(session, account_key, as_of, 1)
    if found.window.account.people_shown != "named":
        return []
    return _named(session, found, _in_state(found, 0, state))


def _in_state(found: PersonWeeks, place: int, state: str) -> Any:
    """Person numbers."""
    now, began = found.active[place], found.began[place]
    before = found.active[place - 1] if place else found.before
    if state == "new":
        return now & began
    if state == "returning":
        return now & before
    if state == "resurrecting":
        return now - before - began
    return before - now


def _named(session: Session, found: PersonWeeks, numbers: Iterable[int]) -> list[MovedPerson]:
    wanted = select(
        Person.external_id,
        Person.name,
        Person.team,
        provisioned_on(found.window.last).label("provisioned"),
    ).where(Person.account_id == found.window.account.id)
    listed = {row[0]: (row[1], row[2], row[3]) for row in session.execute(wanted)}
    chosen = set(numbers)
    rows = []
    for external_id, seen in found.seen.items():
        if seen.number in chosen:
            name, team, provisioned = listed.get(external_id, ("", "", False))
            rows.append(MovedPerson(external_id, name, team, provisioned, seen.last_day))
    return sorted(rows, key=lambda row: (row.name or row.external_id).casefold())
