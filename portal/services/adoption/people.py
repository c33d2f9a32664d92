"""Who uses it: person by person, or, where the account wants that, in groups of at least five."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from portal.domain.cohorts import LEAST_GROUP
from portal.domain.errors import Invalid
from portal.domain.paging import place_in
from portal.services.adoption.basis import Basis, basis_of
from portal.services.adoption.person_counts import (
    NEVER_SEEN,
    PersonCounts,
    count_persons,
    days_active,
    has_minutes,
    minutes_online,
)
from portal.services.adoption.sheet import Sheet, whole_sheet
from portal.services.adoption.window import Window, find_window
from portal.usage.queries import SeenPerson

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the window. `provisioned` is false for one who was only seen in events;
    `features` counts the entitled features used; `last_day` may lie after the window. The time
    online is None where a day of the window was told as sums.
    """

    external_id: str
    name: str
    email: str
    team: str
    provisioned: bool
    last_day: date | None
    active_days: int
    time_online_seconds: int | None
    features: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A team. `rest` marks the group that small teams were put together in: it has no name.
    `share` is the part of `persons` (provisioned) that was active; the others are means over
    `persons`, the time online None as for a person.
    """

    team: str
    rest: bool
    persons: int
    active: int
    share: float
    active_days: float
    time_online_seconds: float | None


@dataclass(frozen=True, slots=True)
class People:
    """`named`: then `rows` is one page of `total`, else `groups` is all there is. `too_few`: the
    account shows groups only and has fewer than five persons, so nothing can be shown.
    """

    named: bool
    rows: list[PersonRow]
    groups: list[GroupRow]
    total: int
    page: int
    pages: int
    provisioned: int
    active: int
    unprovisioned: int
    too_few: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Listed:
    external_id: str
    name: str = ""
    email: str = ""
    team: str = ""
    provisioned: bool = False


SORTS: dict[str, Callable[[PersonRow], Any]] = {
    "name": lambda row: (row.name or row.external_id).casefold(),
    "team": lambda row: row.team.casefold(),
    "last_day": lambda row: row.last_day or date.min,
    "active_days": lambda row: row.active_days,
    "time_online_seconds": lambda row: row.time_online_seconds or 0,
    "features": lambda row: row.features,
}


def people_use(
    session: Session,
    account_key: str,
    as_of: date | None = None,
    window_days: int = 30,
    *,
    sort: str = "active_days",
    descending: bool = True,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    search: str = "",
) -> People:
    """Persons provisioned on the last day or seen in the window. The account's privacy switch
    decides between names and groups, for every reader. `sort` is one of SORTS. Raises NotFound,
    Invalid.
    """
    if sort not in SORTS:
        raise Invalid("Unknown order.", fields={"sort": f"One of {', '.join(SORTS)}."})
    window = find_window(session, account_key, as_of, window_days)
    rows = _rows(whole_sheet(session, window), window)
    if window.account.people_shown != "named":
        return _in_groups(rows, basis_of(window))
    found = [row for row in rows if _matches(row, search)]
    found.sort(key=lambda row: (row.name or row.external_id).casefold())
    found.sort(key=SORTS[sort], reverse=descending)
    at = place_in(len(found), page_size, page)
    shown = found[at.offset : at.offset + page_size]
    basis, total = basis_of(window), len(found)
    return _people(rows, basis, named=True, rows=shown, total=total, page=at.page, pages=at.pages)


def team_use(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> list[GroupRow]:
    """Teams of provisioned persons, the largest first; by the privacy switch as they are, or with
    those below five put together.
    """
    window = find_window(session, account_key, as_of, window_days)
    return teams_of(whole_sheet(session, window), window)


def teams_of(sheet: Sheet, window: Window) -> list[GroupRow]:
    """From columns: the account may have very many persons."""
    roster, day = sheet.roster, window.last
    on = roster.on(day)
    numbers, teams = roster.numbers[on], roster.teams[on]
    days = days_active(sheet, window)[numbers]
    sums = [
        np.bincount(teams, weights, minlength=len(roster.team_names)).astype(np.int64).tolist()
        for weights in (None, days > 0, days, minutes_online(sheet, window)[numbers])
    ]
    totals = {
        name: Totals(*facts)
        for name, *facts in zip(roster.team_names, *sums, strict=True)
        if facts[0]
    }
    groups = in_groups(totals, 1 if window.account.people_shown == "named" else LEAST_GROUP)
    return groups if has_minutes(sheet, window) else _without_time(groups)


def _without_time(groups: list[GroupRow]) -> list[GroupRow]:
    return [replace(one, time_online_seconds=None) for one in groups]


def _matches(row: PersonRow, search: str) -> bool:
    wanted = search.strip().casefold()
    texts = (row.name, row.email, row.team, row.external_id)
    return not wanted or any(wanted in text.casefold() for text in texts)


def _in_groups(rows: list[PersonRow], basis: Basis) -> People:
    groups = group_rows(rows, LEAST_GROUP)
    if any(row.time_online_seconds is None for row in rows):
        groups = _without_time(groups)
    return _people(rows, basis, named=False, groups=groups, total=len(groups))


def _people(
    everyone: list[PersonRow],
    basis: Basis,
    *,
    named: bool,
    total: int,
    rows: list[PersonRow] | None = None,
    groups: list[GroupRow] | None = None,
    page: int = 1,
    pages: int = 1,
) -> People:
    provisioned = [row for row in everyone if row.provisioned]
    too_few = not named and len(provisioned) < LEAST_GROUP
    return People(
        named=named,
        rows=rows or [],
        groups=groups or [],
        total=total,
        page=page,
        pages=pages,
        provisioned=len(provisioned),
        active=sum(1 for row in provisioned if row.active_days),
        unprovisioned=len(everyone) - len(provisioned),
        too_few=too_few,
        basis=basis,
    )


class Totals(NamedTuple):
    """Of a team: its provisioned persons, who of them was active, and their sums."""

    persons: int
    active: int
    days: int
    minutes: int


def group_rows(rows: Iterable[PersonRow], least: int) -> list[GroupRow]:
    """Teams of the provisioned ones, as `in_groups`."""
    teams: dict[str, list[PersonRow]] = {}
    for row in rows:
        if row.provisioned:
            teams.setdefault(row.team, []).append(row)
    return in_groups({team: _totals(some) for team, some in teams.items()}, least)


def _totals(rows: list[PersonRow]) -> Totals:
    return Totals(
        len(rows),
        sum(1 for row in rows if row.active_days),
        sum(row.active_days for row in rows),
        sum(row.time_online_seconds or 0 for row in rows) // 60,
    )


def in_groups(teams: Mapping[str, Totals], least: int) -> list[GroupRow]:
    """The largest first. Teams below `least` are put together; where that is still too small, with
    the smallest of the others. Nothing where there are fewer than `least` at all.
    """
    whole = sorted(
        (team for team in teams if teams[team].persons >= least),
        key=lambda team: (-teams[team].persons, team),
    )
    rest = [teams[team] for team in sorted(set(teams) - set(whole))]
    while rest and sum(one.persons for one in rest) < least and whole:
        rest.append(teams[whole.pop()])
    groups = [_group(team, teams[team]) for team in whole]
    together = Totals(*map(sum, zip(*rest, strict=True))) if rest else Totals(0, 0, 0, 0)
    enough = together.persons >= max(least, 1)
    return groups + ([_group("", together, rest=True)] if enough else [])


def _group(team: str, of: Totals, *, rest: bool = False) -> GroupRow:
    return GroupRow(
        team=team,
        rest=rest,
        persons=of.persons,
        active=of.active,
        share=of.active / of.persons,
        active_days=of.days / of.persons,
        time_online_seconds=60 * of.minutes / of.persons,
    )


def _rows(sheet: Sheet, window: Window) -> list[PersonRow]:
    """Everybody on the list of persons, also those who are no longer, or not yet, provisioned,
    and whoever was only seen in events: of these two the ones who were active.
    """
    counts, timed = count_persons(sheet, window), has_minutes(sheet, window)
    listed = [
        _Listed(one.external_id, one.name, one.email, one.team, one.provisioned_on(window.last))
        for one in sheet.listed
    ]
    rows = [_row(row, sheet.seen.get(row.external_id), counts, timed=timed) for row in listed]
    known = {row.external_id for row in listed}
    rows += [
        _row(_Listed(name), one, counts, timed=timed)
        for name, one in sheet.seen.items()
        if name not in known
    ]
    return [row for row in rows if row.provisioned or row.active_days]


def _row(
    listed: _Listed, seen: SeenPerson | None, counts: PersonCounts, *, timed: bool
) -> PersonRow:
    number = NEVER_SEEN if seen is None else seen.number
    return PersonRow(
        external_id=listed.external_id,
        name=listed.name,
        email=listed.email,
        team=listed.team,
        provisioned=listed.provisioned,
        last_day=None if seen is None else seen.last_day,
        active_days=int(counts.active_days[number]),
        time_online_seconds=60 * int(counts.online_minutes[number]) if timed else None,
        features=int(counts.features[number]),
    )
