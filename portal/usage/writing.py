"""Writes the changed parts of the rollups, as the last act of a fold, inside its transaction.

Each row is written whole. One that was read is written whether it is still there or not: nobody
else may have changed it since, but sealing (usage/sealing.py) may have moved it meanwhile.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any

import numpy as np
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
from portal.usage import repeats
from portal.usage.bulk import add_rows, save_rows
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

Row = tuple[Any, ...]
COLUMNS: dict[type[Base], tuple[str, ...]] = {
    UsageName: ("id", "name", "account_id", "events", "first_at", "last_at"),
    UsageMembership: ("external_id", "account_key", "at"),
    UsageAccount: (
        "account_id",
        "time_zone",
        "persons",
        "events",
        "first_at",
        "last_at",
        "version",
    ),
    UsagePerson: ("account_id", "number", "external_id", "first_at", "last_day"),
    UsageDay: (
        "account_id",
        "day",
        "events",
        "calls",
        "duration_ms",
        "online_minutes",
        "users",
        "slots",
        "integrations",
    ),
    UsageNameDay: ("account_id", "day", "name_id", "events", "duration_ms", "users", "repeats"),
    UsageSeen: ("account_id", "day", "hashes", "changed_on"),
}
# Of these, most rows of a step are new; and what was looked for and not found is not there, as long
# as nobody else raises the version.
GROWING = (UsagePerson, UsageDay, UsageNameDay, UsageSeen)


def write(session: Session, rollups: Rollups, version: int, now: datetime) -> None:
    """The caller commits. The account comes before its days: who else changes them waits for its
    row.
    """
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
    today = now.astimezone(UTC).date()
    _save(session, UsageSeen, rollups.seen.items(), lambda key, seen: _seen(key, seen, today))


def _save(
    session: Session,
    model: type[Base],
    parts: Iterable[tuple[Any, Part]],
    row_of: Callable[[Any, Any], Row],
) -> None:
    """In the order of their keys, so that neighbours are written together."""
    changed = sorted(((key, part) for key, part in parts if part.changed), key=itemgetter(0))
    there: list[Row] = []
    new: list[Row] = []
    for key, part in changed:
        is_new = model in GROWING and not part.stored
        (new if is_new else there).append(row_of(key, part))
    _write_rows(save_rows, session, model, there)
    _write_rows(add_rows, session, model, new)


def _write_rows(
    into: Callable[..., None], session: Session, model: type[Base], rows: Sequence[Row]
) -> None:
    if rows:
        columns = zip(*rows, strict=True)
        into(session, model.__table__, dict(zip(COLUMNS[model], columns, strict=True)))


def _name(text: str, part: Name) -> Row:
    return (
        part.id,
        text,
        part.account,
        part.events,
        moment_of(part.first_at),
        moment_of(part.last_at),
    )


def _membership(person: str, part: Membership) -> Row:
    return (person, part.account_key, moment_of(part.at))


def _use(account: int, part: Use, version: int) -> Row:
    return (
        account,
        part.time_zone,
        part.persons,
        part.events,
        moment_of(part.first_at),
        moment_of(part.last_at),
        version,
    )


def _person(key: tuple[int, str], part: PersonUse) -> Row:
    return (
        key[0],
        part.number,
        key[1],
        moment_of(part.first_at),
        date.fromordinal(part.last_day),
    )


def _day(key: tuple[int, int], part: Day) -> Row:
    return (
        key[0],
        date.fromordinal(key[1]),
        part.events,
        part.calls,
        part.duration_ms,
        part.online_minutes,
        part.users.serialize(),
        part.slots.serialize(),
        part.integrations,
    )


def _name_day(key: tuple[int, int, int], part: NameDay) -> Row:
    return (
        key[0],
        date.fromordinal(key[1]),
        key[2],
        part.events,
        part.duration_ms,
        part.users.serialize(),
        repeats.packed(part.repeats),
    )


def _seen(key: tuple[int, int], part: Seen, today: date) -> Row:
    return (
        key[0],
        date.fromordinal(EPOCH_ORDINAL + key[1]),
        part.hashes.astype(np.dtype("<u8")).tobytes(),
        today,
    )
