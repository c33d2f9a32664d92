"""Rollups out of the database and back into it. All statements run in a system scope."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Base
from portal.domain.event_rules import OTHER_NAME, resolver_of
from portal.models import (
    Account,
    UsageAccount,
    UsageDay,
    UsageMembership,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageSeen,
)
from portal.usage import repeats
from portal.usage.bulk import read_rows_of
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.event_rules import read_rules
from portal.usage.moments import microseconds
from portal.usage.plan import Plan
from portal.usage.rollups import (
    Day,
    Membership,
    Name,
    NameDay,
    PersonUse,
    Rollups,
    Seen,
    Use,
)
from portal.usage.unsealing import load_sealed

CHUNK = 500


def chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """In a fixed order, so that two processes touch rows in the same one."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def accounts_by_key(session: Session, keys: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(keys):
        rows = session.execute(select(Account.key, Account.id).where(Account.key.in_(some)))
        found.update((row.key, row.id) for row in rows)
    return found


def zones_by_id(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Accounts that are gone are left out."""
    found: dict[int, str] = {}
    for some in chunks(ids):
        rows = session.execute(select(Account.id, Account.time_zone).where(Account.id.in_(some)))
        found.update((row.id, row.time_zone) for row in rows)
    return found


def load_memberships(session: Session, rollups: Rollups, persons: Iterable[str]) -> None:
    columns = ("external_id", "account_key", "at")
    keys = rollups.unasked("memberships", persons)
    for row in _read(session, UsageMembership, ("external_id",), columns, keys):
        rollups.memberships[row.external_id] = Membership(
            stored=True, account_key=row.account_key, at=microseconds(row.at)
        )


def load_catalogue(session: Session, rollups: Rollups) -> None:
    rules = read_rules(session)
    rollups.catalogue = frozenset(rule.text.pattern for rule in rules)
    rollups.resolver = resolver_of(rules)


def load_names(session: Session, rollups: Rollups, names: Iterable[str]) -> None:
    load_catalogue(session, rollups)
    if not rollups.names:
        rollups.next_name = (session.scalar(select(func.max(UsageName.id))) or 0) + 1
        brought = select(UsageName.account_id, func.count()).group_by(UsageName.account_id)
        rollups.brought = {row[0]: row[1] for row in session.execute(brought)}
    names = set(names)
    _load_names(session, rollups, {*names, OTHER_NAME})
    # Those that are new may have to be counted under another name.
    _load_names(
        session, rollups, {rollups.stand_in(one) for one in names if one not in rollups.names}
    )


def _load_names(session: Session, rollups: Rollups, names: set[str]) -> None:
    columns = ("id", "name", "account_id", "events", "first_at", "last_at")
    keys = rollups.unasked("names", names)
    for row in _read(session, UsageName, ("name",), columns, keys):
        rollups.names[row.name] = Name(
            stored=True,
            id=row.id,
            account=row.account_id,
            events=row.events,
            first_at=microseconds(row.first_at),
            last_at=microseconds(row.last_at),
        )


def load_all_names(session: Session, rollups: Rollups) -> None:
    load_names(session, rollups, session.scalars(select(UsageName.name)).all())


def load_uses(session: Session, rollups: Rollups, accounts: Iterable[int]) -> None:
    """The accounts as wholes; those without an event yet have none."""
    columns = ("account_id", "time_zone", "persons", "events", "first_at", "last_at")
    keys = rollups.unasked("uses", accounts)
    for row in _read(session, UsageAccount, ("account_id",), columns, keys):
        rollups.uses[row.account_id] = Use(
            stored=True,
            time_zone=row.time_zone,
            persons=row.persons,
            events=row.events,
            first_at=microseconds(row.first_at),
            last_at=microseconds(row.last_at),
        )


def load_plan(session: Session, rollups: Rollups, plan: Plan) -> None:
    """All parts that a plan touches and that are not there yet; names and uses come before."""
    _load_persons(session, rollups, plan)
    _load_days(session, rollups, plan)
    _load_name_days(session, rollups, plan)
    load_sealed(session, rollups, plan.touched_days())
    _load_seen(session, rollups, plan)
    _load_forgotten(session, rollups, plan)


def _load_persons(session: Session, rollups: Rollups, plan: Plan) -> None:
    columns = ("account_id", "external_id", "number", "first_at", "last_day")
    keys = rollups.unasked("persons", plan.touched_persons())
    for row in _read(session, UsagePerson, columns[:2], columns, keys):
        rollups.persons.setdefault(row.account_id, {})[row.external_id] = PersonUse(
            stored=True,
            number=row.number,
            first_at=microseconds(row.first_at),
            last_day=row.last_day.toordinal(),
        )


def _load_days(session: Session, rollups: Rollups, plan: Plan) -> None:
    columns = (
        *("account_id", "day", "events", "calls", "duration_ms", "online_minutes"),
        *("users", "slots", "integrations"),
    )
    keys = _dated(rollups.unasked("days", plan.touched_days()))
    for row in _read(session, UsageDay, columns[:2], columns, keys):
        rollups.days[row.account_id, row.day.toordinal()] = Day(
            stored=True,
            events=row.events,
            calls=row.calls,
            duration_ms=row.duration_ms,
            online_minutes=row.online_minutes,
            users=BitMap.deserialize(row.users),
            slots=BitMap.deserialize(row.slots),
            integrations=dict(row.integrations),
        )


def _load_name_days(session: Session, rollups: Rollups, plan: Plan) -> None:
    """All names of the days: most of them are touched."""
    columns = ("account_id", "day", "name_id", "events", "duration_ms", "users", "repeats")
    keys = _dated(rollups.unasked("name days", plan.own_days()))
    for row in _read(session, UsageNameDay, columns[:2], columns, keys):
        rollups.name_days[row.account_id, row.day.toordinal(), row.name_id] = NameDay(
            stored=True,
            events=row.events,
            duration_ms=row.duration_ms,
            users=BitMap.deserialize(row.users),
            repeats=repeats.unpacked(row.repeats),
        )


def _load_seen(session: Session, rollups: Rollups, plan: Plan) -> None:
    columns = ("account_id", "day", "hashes")
    keys = _dated(rollups.unasked("seen", plan.touched_buckets()))
    for row in _read(session, UsageSeen, columns[:2], columns, keys):
        rollups.seen[row.account_id, row.day.toordinal() - EPOCH_ORDINAL] = Seen(
            stored=True, hashes=np.frombuffer(row.hashes, "<u8")
        )


def _load_forgotten(session: Session, rollups: Rollups, plan: Plan) -> None:
    """Asked each time, as sealing raises no version; and after the hashes: dropped in between,
    they were still read.
    """
    columns = ("account_id", "forgotten")
    for row in _read(session, UsageAccount, columns[:1], columns, plan.accounts):
        if row.forgotten is not None:
            rollups.forgotten[row.account_id] = BitMap.deserialize(row.forgotten)


def _dated(keys: Iterable[tuple[int, int]]) -> list[tuple[int, date]]:
    return [(account, date.fromordinal(day)) for account, day in keys]


def _read(
    session: Session,
    model: type[Base],
    key: Sequence[str],
    columns: Sequence[str],
    keys: Iterable[Any],
) -> Iterator[Any]:
    return read_rows_of(session, model.__table__, key, columns, keys)
