"""Retention (DOMAIN §2): weekly cohorts by a person's first active week, share active in week k."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from portal.domain.cohorts import LEAST_GROUP, protected_cohorts
from portal.domain.metrics import share
from portal.services.adoption.basis import Basis, basis_of
from portal.services.adoption.weeks import USUAL_WEEKS, PersonWeeks, read_weeks


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everybody whose first active week began on `monday`, provisioned or not; who leaves stays
    in it. `active[k]`: how many of them were active k weeks later, 0 being that week itself, for
    the weeks that are over. `protected`: too few to be shown, `persons` and `active` are empty.
    """

    monday: date
    persons: int
    active: list[int]
    protected: bool = False

    @property
    def shares(self) -> list[float | None]:
        return [share(count, self.persons) for count in self.active]


@dataclass(frozen=True, slots=True)
class WeekOfAll:
    """Of the `persons` of all cohorts shown that have reached the week, `active` were."""

    active: int
    persons: int

    @property
    def share(self) -> float | None:
        return share(self.active, self.persons)


@dataclass(frozen=True, slots=True)
class Retention:
    """`overall[k]` joins the shown cohorts."""

    basis: Basis
    cohorts: list[Cohort]
    overall: list[WeekOfAll]

    @property
    def weeks(self) -> int:
        return len(self.cohorts)

    @property
    def protected(self) -> int:
        """How many cohorts are held back."""
        return sum(1 for cohort in self.cohorts if cohort.protected)

    def as_json(self) -> dict[str, Any]:
        return {
            "account": self.basis.account,
            "time_zone": self.basis.time_zone,
            "first_day": self.basis.first.isoformat(),
            "last_day": self.basis.last.isoformat(),
            "weeks": self.weeks,
            "cohorts": [_cohort_json(cohort) for cohort in self.cohorts],
            "overall": [
                {"week": week, "persons": one.persons, "active": one.active, "retention": one.share}
                for week, one in enumerate(self.overall)
            ],
            "data": self.basis.as_json(),
        }


def _cohort_json(cohort: Cohort) -> dict[str, Any]:
    return {
        "week": cohort.monday.isoformat(),
        "persons": None if cohort.protected else cohort.persons,
        "active": None if cohort.protected else cohort.active,
        "retention": None if cohort.protected else cohort.shares,
    }


def cohort_retention(
    session: Session, account_key: str, as_of: date | None = None, weeks: int = USUAL_WEEKS
) -> Retention:
    """One cohort for each of the last `weeks` whole weeks up to `as_of`. Where the account shows
    people only in groups, cohorts below five are held back, and others with them where a
    difference would tell. Raises NotFound and Invalid.
    """
    found = read_weeks(session, account_key, as_of, weeks)
    held = _protected(found)
    cohorts = [
        Cohort(monday, 0, [], protected=True) if monday in held else _cohort(found, place, monday)
        for place, monday in enumerate(found.mondays)
    ]
    return Retention(basis_of(found.window), cohorts, _overall(cohorts))


def _cohort(found: PersonWeeks, place: int, monday: date) -> Cohort:
    began = found.began[place]
    active = [began.intersection_cardinality(week) for week in found.active[place:]]
    return Cohort(monday, len(began), active)


def _protected(found: PersonWeeks) -> set[date]:
    """By all cohorts there ever were, so that another range shows no other ones."""
    if found.window.account.people_shown == "named":
        return set()
    mondays, sizes = np.unique(found.first_weeks, return_counts=True)
    held = protected_cohorts(sizes.tolist(), LEAST_GROUP)
    return {date.fromordinal(int(mondays[place])) for place in held}


def _overall(cohorts: list[Cohort]) -> list[WeekOfAll]:
    reached = [
        [cohort for cohort in cohorts if cohort.persons and week < len(cohort.active)]
        for week in range(len(cohorts))
    ]
    return [
        WeekOfAll(
            sum(cohort.active[week] for cohort in some), sum(cohort.persons for cohort in some)
        )
        for week, some in enumerate(reached)
        if some
    ]
