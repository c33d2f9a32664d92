"""Rollups out of the database and back into it. All statements run in a system scope."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import (
    Account,
    Feature,
    UsageAccount,
    UsageDay,
    UsageMembership,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageSeen,
)
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.moments import microseconds
from portal.usage.plan import Plan
from portal.usage.rollups import (
    OTHER_NAME,
    Day,
    Membership,
    Name,
    NameDay,
    PersonUse,
    Rollups,
    Seen,
    Use,
)

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
    for some in chunks(persons):
        for row in session.execute(
            select(
                UsageMembership.external_id, UsageMembership.account_key, UsageMembership.at
            ).where(UsageMembership.external_id.in_(some))
        ):
            rollups.memberships[row.external_id] = Membership(
                stored=True, account_key=row.account_key, at=microseconds(row.at)
            )


def load_catalogue(session: Session, rollups: Rollups) -> None:
    rollups.catalogue = frozenset(session.scalars(select(Feature.event)))


def load_names(session: Session, rollups: Rollups, names: Iterable[str]) -> None:
    load_catalogue(session, rollups)
    rollups.next_name = (session.scalar(select(func.max(UsageName.id))) or 0) + 1
    for some in chunks({*names, OTHER_NAME}):
        _load_names(session, rollups, some)


def load_all_names(session: Session, rollups: Rollups) -> None:
    load_names(session, rollups, session.scalars(select(UsageName.name)).all())


def _load_names(session: Session, rollups: Rollups, names: Sequence[str]) -> None:
    columns = (
        UsageName.id,
        UsageName.name,
        UsageName.events,
        UsageName.first_at,
        UsageName.last_at,
    )
    for row in session.execute(select(*columns).where(UsageName.name.in_(names))):
        rollups.names[row.name] = Name(
            stored=True,
            id=row.id,
            events=row.events,
            first_at=microseconds(row.first_at),
            last_at=microseconds(row.last_at),
        )


def load_plan(session: Session, rollups: Rollups, plan: Plan) -> None:
    """What adding the plan reads or changes of its account; names and use come before."""
    _load_persons(session, rollups, plan)
    _load_days(session, rollups, plan)
    _load_name_days(session, rollups, plan)
    _load_seen(session, rollups, plan)


def load_use(session: Session, rollups: Rollups, account: int) -> Use | None:
    """The account as a whole; None where it has no event yet."""
    row = session.execute(
        select(
            UsageAccount.time_zone,
            UsageAccount.persons,
            UsageAccount.events,
            UsageAccount.first_at,
            UsageAccount.last_at,
        ).where(UsageAccount.account_id == account)
    ).one_or_none()
    if row is not None:
        rollups.uses[account] = Use(
            stored=True,
            time_zone=row.time_zone,
            persons=row.persons,
            events=row.events,
            first_at=microseconds(row.first_at),
            last_at=microseconds(row.last_at),
        )
    return rollups.uses.get(account)


def _load_persons(session: Session, rollups: Rollups, plan: Plan) -> None:
    known = rollups.persons.setdefault(plan.account, {})
    for some in chunks(plan.person_list):
        for row in session.execute(
            select(
                UsagePerson.external_id,
                UsagePerson.number,
                UsagePerson.first_at,
                UsagePerson.last_day,
            ).where(UsagePerson.account_id == plan.account, UsagePerson.external_id.in_(some))
        ):
            known[row.external_id] = PersonUse(
                stored=True,
                number=row.number,
                first_at=microseconds(row.first_at),
                last_day=row.last_day.toordinal(),
            )


def _load_days(session: Session, rollups: Rollups, plan: Plan) -> None:
    columns = (
        UsageDay.day,
        UsageDay.events,
        UsageDay.calls,
        UsageDay.duration_ms,
        UsageDay.online_minutes,
        UsageDay.users,
        UsageDay.slots,
        UsageDay.integrations,
    )
    for some in chunks(_dates(plan.touched_days())):
        wanted = select(*columns).where(UsageDay.account_id == plan.account, UsageDay.day.in_(some))
        for row in session.execute(wanted):
            rollups.days[plan.account, row.day.toordinal()] = Day(
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
    named = (rollups.names.get(name) for name in [*plan.name_list, OTHER_NAME])
    ids = [part.id for part in named if part is not None and part.stored]
    columns = (
        UsageNameDay.day,
        UsageNameDay.name_id,
        UsageNameDay.events,
        UsageNameDay.duration_ms,
        UsageNameDay.users,
    )
    for days, some in product(chunks(_dates(plan.own_days())), chunks(ids)):
        wanted = select(*columns).where(
            UsageNameDay.account_id == plan.account,
            UsageNameDay.day.in_(days),
            UsageNameDay.name_id.in_(some),
        )
        for row in session.execute(wanted):
            key = (plan.account, row.day.toordinal(), row.name_id)
            rollups.name_days[key] = NameDay(
                stored=True,
                events=row.events,
                duration_ms=row.duration_ms,
                users=BitMap.deserialize(row.users),
            )


def _load_seen(session: Session, rollups: Rollups, plan: Plan) -> None:
    buckets = _dates(EPOCH_ORDINAL + bucket for bucket in plan.touched_buckets())
    for some in chunks(buckets):
        for row in session.execute(
            select(UsageSeen.day, UsageSeen.hashes).where(
                UsageSeen.account_id == plan.account, UsageSeen.day.in_(some)
            )
        ):
            rollups.seen[plan.account, row.day.toordinal() - EPOCH_ORDINAL] = Seen(
                stored=True, hashes=np.frombuffer(row.hashes, "<u8")
            )


def _dates(ordinals: Iterable[int]) -> list[date]:
    return [date.fromordinal(ordinal) for ordinal in ordinals]
