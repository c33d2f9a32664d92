"""The stored rollups as facts: one an account, person, day, name of a day and day of hashes, told
by user ids, so that two folds of the same log tell the same.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import (
    UsageAccount,
    UsageDay,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageSealed,
    UsageSeen,
)
from portal.usage.bitmaps import SLOTS_A_PERSON, array_of
from portal.usage.blocks import LENGTH
from portal.usage.daily import read_names_by_id
from portal.usage.days import Numbers
from portal.usage.moments import microseconds
from portal.usage.repeats import are_whole, unpacked
from portal.usage.rollups import NameDay
from portal.usage.unsealing import day_parts, name_parts

EARLIEST = date(1, 1, 1)
Facts = dict[tuple[Any, ...], Any]
Fact = tuple[tuple[Any, ...], Any]
# Accounts that are asked for; None for all.
Only = frozenset[int] | None


def stored_facts(session: Session, only: Only = None, since: date = EARLIEST) -> Facts:
    """Hot rows count instead of what is sealed, and are read before it. `since`: of earlier days
    next to nothing is read.
    """
    people = _stored_people(session, only)
    facts = dict(_of_days(session, people, only, since))
    if since == EARLIEST:
        facts.update(_of_all_days(session, only))
    for key, fact in _sealed(session, people, only, since):
        facts.setdefault(key, fact)
    return facts


def _of_all_days(session: Session, only: Only) -> Iterator[Fact]:
    for use in session.scalars(_of(select(UsageAccount), UsageAccount, only)):
        facts = (use.events, microseconds(use.first_at), microseconds(use.last_at), use.time_zone)
        yield ("account", use.account_id), facts
    for person in session.scalars(_of(select(UsagePerson), UsagePerson, only)):
        key = ("person", person.account_id, person.external_id)
        yield key, (microseconds(person.first_at), person.last_day)
    for seen in session.scalars(_of(select(UsageSeen), UsageSeen, only)):
        yield ("seen", seen.account_id, seen.day), seen.hashes


def _of_days(session: Session, people: dict[int, Any], only: Only, since: date) -> Iterator[Fact]:
    days = _of(select(UsageDay).where(UsageDay.day >= since), UsageDay, only)
    for day in session.scalars(days.execution_options(yield_per=500)):
        counts = (day.events, day.calls, day.duration_ms, day.online_minutes, day.integrations)
        slots = slots_of(BitMap.deserialize(day.slots), people[day.account_id])
        yield ("day", day.account_id, day.day), (*counts, slots)
    yield from _stored_names(session, people, only, since)


def _sealed(session: Session, people: dict[int, Any], only: Only, since: date) -> Iterator[Fact]:
    names = read_names_by_id(session)
    late_enough = UsageSealed.block >= since.toordinal() // LENGTH
    blocks = _of(select(UsageSealed).where(late_enough), UsageSealed, only)
    for row in session.scalars(blocks.execution_options(yield_per=100)):
        account, known = row.account_id, people[row.account_id]
        for ordinal, day in day_parts(row.block, row.days, row.slots).items():
            counts = (day.events, day.calls, day.duration_ms, day.online_minutes, day.integrations)
            key = ("day", account, date.fromordinal(ordinal))
            yield key, (*counts, slots_of(day.slots, known))
        for (ordinal, name), use in name_parts(row.block, row.days, row.names).items():
            key_of_name = ("name", account, date.fromordinal(ordinal), names[name])
            yield key_of_name, name_fact(use, known)


def _stored_people(session: Session, only: Only) -> dict[int, Any]:
    found: dict[int, dict[int, str]] = {}
    wanted = select(UsagePerson.account_id, UsagePerson.number, UsagePerson.external_id)
    for account, number, name in session.execute(_of(wanted, UsagePerson, only)):
        found.setdefault(account, {})[number] = name
    return {account: names_by_number(known) for account, known in found.items()}


def _stored_names(
    session: Session, people: dict[int, Any], only: Only, since: date
) -> Iterator[Fact]:
    wanted = (
        select(UsageNameDay, UsageName.name)
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .where(UsageNameDay.day >= since)
    )
    for row, name in session.execute(_of(wanted, UsageNameDay, only)):
        use = NameDay(
            events=row.events,
            duration_ms=row.duration_ms,
            users=BitMap.deserialize(row.users),
            repeats=unpacked(row.repeats),
        )
        yield ("name", row.account_id, row.day, name), name_fact(use, people[row.account_id])


def _of(statement: Any, model: Any, only: Only) -> Any:
    return statement if only is None else statement.where(model.account_id.in_(sorted(only)))


def names_by_number(known: dict[int, str]) -> Any:
    """Person numbers differ between two folds of the same log: user ids do not."""
    names = np.empty(max(known, default=-1) + 1, object)
    for number, name in known.items():
        names[number] = name
    return names


def who(users: Any, names: Any) -> list[str]:
    return sorted(names[array_of(users)].tolist())


def name_fact(use: NameDay, names: Any) -> tuple[int, int, list[str], Any]:
    """Last who used it more than once, None where nobody kept that."""
    if not are_whole(use.events, len(use.users), use.repeats):
        return use.events, use.duration_ms, who(use.users, names), None
    repeats = {names[number]: times for number, times in use.repeats.items() if times}
    return use.events, use.duration_ms, who(use.users, names), repeats


def slots_of(slots: Any, names: Any) -> list[tuple[str, int]]:
    marks: Numbers = array_of(slots)
    persons = names[marks // SLOTS_A_PERSON].tolist()
    return sorted(zip(persons, (marks % SLOTS_A_PERSON).tolist(), strict=True))
