"""Writes the changed parts of the rollups, as the last act of a fold, inside its transaction.

What is there already is known (nobody else may have changed it since), so an INSERT or an UPDATE
by primary key does.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from portal.db import Base
from portal.models import (
    UsageAccount,
    UsageDay,
    UsageMembership,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageSeen,
)
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.moments import moment_of
from portal.usage.rollups import (
    Day,
    Membership,
    Name,
    NameDay,
    Part,
    PersonUse,
    Rollups,
    Seen,
    Use,
)

Row = dict[str, Any]


def write(session: Session, rollups: Rollups, version: int) -> None:
    """The caller commits. The same parts written twice do no harm."""
    persons = {
        (account, external): person
        for account, known in rollups.persons.items()
        for external, person in known.items()
    }
    _save(session, UsageName, rollups.names.items(), _name)
    _save(session, UsageMembership, rollups.memberships.items(), _membership)
    _save(
        session,
        UsageAccount,
        rollups.uses.items(),
        lambda account, use: _use(account, use, version),
    )
    _save(session, UsagePerson, persons.items(), _person)
    _save(session, UsageDay, rollups.days.items(), _day)
    _save(session, UsageNameDay, rollups.name_days.items(), _name_day)
    _save(session, UsageSeen, rollups.seen.items(), _seen)


def _save(
    session: Session,
    model: type[Base],
    parts: Iterable[tuple[Any, Part]],
    row_of: Callable[[Any, Any], Row],
) -> None:
    changed = [(key, part) for key, part in parts if part.changed]
    new = [row_of(key, part) for key, part in changed if not part.stored]
    old = [row_of(key, part) for key, part in changed if part.stored]
    table: Any = model.__table__
    if new:
        session.execute(insert(table), new)
    if old:
        keys = [column.name for column in table.primary_key]
        where = [table.c[key] == bindparam(f"old_{key}") for key in keys]
        values: Row = {name: bindparam(name) for name in old[0] if name not in keys}
        renamed = [{f"old_{k}" if k in keys else k: v for k, v in row.items()} for row in old]
        session.connection().execute(update(table).where(*where).values(values), renamed)


def _name(text: str, part: Name) -> Row:
    return {
        "id": part.id,
        "name": text,
        "events": part.events,
        "first_at": moment_of(part.first_at),
        "last_at": moment_of(part.last_at),
    }


def _membership(person: str, part: Membership) -> Row:
    return {"external_id": person, "account_key": part.account_key, "at": moment_of(part.at)}


def _use(account: int, part: Use, version: int) -> Row:
    return {
        "account_id": account,
        "time_zone": part.time_zone,
        "persons": part.persons,
        "events": part.events,
        "first_at": moment_of(part.first_at),
        "last_at": moment_of(part.last_at),
        "version": version,
    }


def _person(key: tuple[int, str], part: PersonUse) -> Row:
    return {
        "account_id": key[0],
        "number": part.number,
        "external_id": key[1],
        "first_at": moment_of(part.first_at),
        "last_day": date.fromordinal(part.last_day),
    }


def _day(key: tuple[int, int], part: Day) -> Row:
    return {
        "account_id": key[0],
        "day": date.fromordinal(key[1]),
        "events": part.events,
        "calls": part.calls,
        "duration_ms": part.duration_ms,
        "online_minutes": part.online_minutes,
        "users": part.users.serialize(),
        "slots": part.slots.serialize(),
        "integrations": part.integrations,
    }


def _name_day(key: tuple[int, int, int], part: NameDay) -> Row:
    return {
        "account_id": key[0],
        "day": date.fromordinal(key[1]),
        "name_id": key[2],
        "events": part.events,
        "duration_ms": part.duration_ms,
        "users": part.users.serialize(),
    }


def _seen(key: tuple[int, int], part: Seen) -> Row:
    return {
        "account_id": key[0],
        "day": date.fromordinal(EPOCH_ORDINAL + key[1]),
        "hashes": part.hashes.astype(np.dtype("<u8")).tobytes(),
    }
