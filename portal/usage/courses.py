"""The daily figures of many accounts at once, for rules that look at all of them: a handful of
statements however many accounts there are. A session over all accounts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.early_warning import Course, Numbers
from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS
from portal.models import (
    Account,
    Feature,
    Person,
    UsageAccount,
    UsagePerson,
)
from portal.usage.bitmaps import rolling_unions
from portal.usage.contract_quotas import quota_uses
from portal.usage.days import zone_of
from portal.usage.entitlements import entitled
from portal.usage.event_rules import list_names, read_activation, read_resolver
from portal.usage.queries import EARLIEST, read_account_days, read_name_days

NOBODY: Any = BitMap()


@dataclass(frozen=True, slots=True)
class _Days:
    """Of one account: ordinal → persons, events and calls of integrations of the day."""

    users: dict[int, Any] = field(default_factory=dict)
    events: dict[int, int] = field(default_factory=dict)
    calls: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Somebody on the list of persons; `number` and `since` (the day of the first activation
    event) None for the unseen.
    """

    active_from: int
    active_until: int | None
    number: int | None
    since: int | None


def read_courses(session: Session, last_days: Mapping[int, date], length: int) -> dict[int, Course]:
    """For each account the `length` days that end on its day in `last_days`."""
    if not last_days:
        return {}
    ids = sorted(last_days)
    first = min(last_days.values()) - timedelta(days=length + MONTH_DAYS - 2)
    days = _days(session, ids, first, max(last_days.values()))
    listed = _listed(session, ids, max(last_days.values()))
    unused = _last_uses(session, ids, last_days, length)
    calls = {account: one.calls for account, one in days.items()}
    quotas = quota_uses(session, last_days, length, calls)
    facts = select(
        Account.id,
        Account.time_zone,
        Account.seats,
        Account.go_live,
        Account.holidays,
        UsageAccount.first_at,
    ).outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
    courses = {}
    for row in session.execute(facts.where(Account.id.in_(ids))):
        began = row.first_at and row.first_at.astimezone(zone_of(row.time_zone)).date()
        courses[row.id] = Course(
            first=last_days[row.id] - timedelta(days=length - 1),
            **_figures(
                days.get(row.id, _Days()),
                listed.get(row.id, []),
                last_days[row.id].toordinal(),
                length,
            ),
            calendar=row.holidays,
            began=began,
            go_live=row.go_live,
            seats=row.seats,
            unused=unused.get(row.id, {}),
            quotas=quotas.get(row.id, []),
        )
    return courses


def _days(session: Session, ids: Sequence[int], first: date, last: date) -> dict[int, _Days]:
    found: dict[int, _Days] = {}
    for row in read_account_days(session, ids, first, last):
        days = found.setdefault(row.account, _Days())
        days.users[row.day.toordinal()] = row.users
        days.events[row.day.toordinal()] = row.events
        days.calls[row.day.toordinal()] = row.calls
    return found


def _listed(session: Session, ids: Sequence[int], last: date) -> dict[int, list[_Listed]]:
    """Joined here and not by the database, as in usage/queries.py."""
    found_in = select(Account.id, Account.time_zone).where(Account.id.in_(ids))
    zones = {row.id: row.time_zone for row in session.execute(found_in)}
    met = select(
        UsagePerson.account_id, UsagePerson.external_id, UsagePerson.number, UsagePerson.first_at
    ).where(UsagePerson.account_id.in_(ids))
    seen = {
        (account, name): (number, first_at.astimezone(zone_of(zones[account])).toordinal())
        for account, name, number, first_at in session.execute(met)
    }
    activated = _activated(session, ids, last)
    wanted = select(
        Person.account_id, Person.external_id, Person.active_from, Person.active_until
    ).where(Person.account_id.in_(ids))
    found: dict[int, list[_Listed]] = {}
    for account, name, start, until in session.execute(wanted):
        number, since = seen.get((account, name), (None, None))
        if activated is not None:
            since = None if number is None else activated.get((account, number))
        end = None if until is None else until.toordinal()
        person = _Listed(start.toordinal(), end, number, since)
        found.setdefault(account, []).append(person)
    return found


def _activated(
    session: Session, ids: Sequence[int], last: date
) -> dict[tuple[int, int], int] | None:
    """(account, number) → ordinal of the day of the first activation event; None where any event
    is one.
    """
    named = read_activation(session)
    if named is None:
        return None
    rows = list(read_name_days(session, ids, EARLIEST, last, named))
    rows.sort(key=lambda row: row.day, reverse=True)
    return {(row.account, number): row.day.toordinal() for row in rows for number in row.users}


def _figures(days: _Days, persons: Iterable[_Listed], last: int, length: int) -> dict[str, Numbers]:
    first = last - length + 1
    run = range(first - MONTH_DAYS + 1, last + 1)
    users = [days.users.get(day, NOBODY) for day in run]
    weeks = rolling_unions(users, DAYS_A_WEEK)[-length:]
    months = rolling_unions(users, MONTH_DAYS)[-length:]
    listed, provisioned, activated = _listed_on(persons, first, length)
    return {
        "events": np.array([days.events.get(day, 0) for day in range(first, last + 1)]),
        "wau": np.array([len(week) for week in weeks]),
        "mau": np.array([len(month) for month in months]),
        "login_week": np.array(
            [
                week.intersection_cardinality(known)
                for week, known in zip(weeks, listed, strict=True)
            ]
        ),
        "provisioned": provisioned,
        "activated": activated,
    }


def _listed_on(
    persons: Iterable[_Listed], first: int, length: int
) -> tuple[list[Any], Numbers, Numbers]:
    """Day by day: the numbers of the provisioned who were ever seen, how many are provisioned,
    and how many of these had their first event by then.
    """
    provisioned, activated = np.zeros(length + 1, int), np.zeros(length + 1, int)
    joins: dict[int, list[int]] = {}
    leaves: dict[int, list[int]] = {}
    for one in persons:
        start, end = (_place(day, first, length) for day in (one.active_from, one.active_until))
        if start >= end:
            continue
        provisioned[start] += 1
        provisioned[end] -= 1
        if one.number is None:
            continue
        joins.setdefault(start, []).append(one.number)
        leaves.setdefault(end, []).append(one.number)
        awake = min(max(start, _place(one.since, first, length)), end)
        activated[awake] += 1
        activated[end] -= 1
    return (
        _memberships(joins, leaves, length),
        np.cumsum(provisioned)[:-1],
        np.cumsum(activated)[:-1],
    )


def _place(day: int | None, first: int, length: int) -> int:
    """Index of the day, held within 0 and `length`; no day is the end."""
    return length if day is None else min(max(day - first, 0), length)


def _memberships(
    joins: Mapping[int, list[int]], leaves: Mapping[int, list[int]], length: int
) -> list[Any]:
    """The same bitmap for all days between two changes."""
    now, days = BitMap(), []
    for index in range(length):
        if index in joins or index in leaves:
            now = (now | BitMap(joins.get(index, []))) - BitMap(leaves.get(index, []))
        days.append(now)
    return days


def _last_uses(
    session: Session, ids: Sequence[int], last_days: Mapping[int, date], length: int
) -> dict[int, dict[str, Numbers]]:
    """Account → core feature of its contract → days since its last use, day by day."""
    wanted = (
        entitled(Account.id, Feature.id, Feature.key)
        .where(Account.id.in_(ids), Feature.core)
        .order_by(Feature.position, Feature.key)
    )
    begin = min(last_days.values()) - timedelta(days=length - 1)
    uses = _use_days(session, ids, begin, max(last_days.values()))
    found: dict[int, dict[str, Numbers]] = {}
    for account, feature, key in session.execute(wanted):
        first = last_days[account].toordinal() - length + 1
        used = np.zeros(length, bool)
        places = np.array(uses.get((account, feature), []), int) - first
        used[places[(places >= 0) & (places < length)]] = True
        indices = np.arange(length)
        last = np.maximum.accumulate(np.where(used, indices, 0))
        found.setdefault(account, {})[key] = indices - last
    return found


def _use_days(
    session: Session, ids: Sequence[int], first: date, last: date
) -> dict[tuple[int, int], list[int]]:
    """(account, feature) → ordinals of the days on which core features were used."""
    core = set(session.scalars(select(Feature.id).where(Feature.core)))
    resolver = read_resolver(session)
    names = [name for name in list_names(session) if resolver.feature_of(name) in core]
    found: dict[tuple[int, int], list[int]] = {}
    for row in read_name_days(session, ids, first, last, names):
        feature = resolver.feature_of(row.name)
        if feature is not None:
            found.setdefault((row.account, feature), []).append(row.day.toordinal())
    return found
