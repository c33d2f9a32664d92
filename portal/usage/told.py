"""Daily sums that were told (models/told.py) become part of the same rollups as events.

The table is their durable log: the fold adds to the rollups the difference between what is told and
what of it was counted already (usage/telling.py), a rebuild adds its rows to what it reads from the
log of events (usage/retelling.py).

A told day begins an account's, a person's and a name's time at its first instant, and leaves no
minutes: nobody knows when in the day it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from portal.models import UsageAccount, UsageTold
from portal.usage.days import day_start
from portal.usage.rollups import PersonUse, Rollups, Use


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the table, as it was read."""

    account: int
    day: date
    person: str
    name: str
    count: int
    duration_ms: int
    counted: int
    counted_ms: int
    settled: bool


def told_rows() -> Any:
    """A statement whose rows are the members of Told."""
    return select(
        UsageTold.account_id,
        UsageTold.day,
        UsageTold.external_id,
        UsageTold.name,
        UsageTold.count,
        UsageTold.duration_ms,
        UsageTold.counted,
        UsageTold.counted_ms,
        UsageTold.settled,
    )


def add_told(rollups: Rollups, rows: Iterable[Told], *, anew: bool = False) -> None:
    """Adds what the rollups do not have yet; `anew`: they have nothing of it. Every part that the
    rows touch must have been loaded, and each account's use be there.
    """
    for row in rows:
        # The names of all accounts are kept where those of a few are made again.
        all_anew = anew and rollups.count_names
        if anew and not row.count:
            if not all_anew:
                _add_to_name(rollups, row, -row.counted)
            continue
        use, ordinal = rollups.uses[row.account], row.day.toordinal()
        at = day_start(use.time_zone, ordinal)
        more = row.count if anew else row.count - row.counted
        _add_to_name(rollups, row, row.count if all_anew else row.count - row.counted, at)
        _add_to_account(use, at, more)
        number = _number(rollups, use, row, at)
        day = rollups.day(row.account, ordinal)
        part = rollups.name_day(row.account, ordinal, rollups.name(row.name, row.account).id)
        for one in (day, part):
            one.events += more
            one.duration_ms += row.duration_ms - (0 if anew else row.counted_ms)
            one.changed = True
        if row.count:
            day.users.add(number)
        if row.count or number in part.users:
            part.add_uses([number], [more])


def _number(rollups: Rollups, use: Use, row: Told, at: int) -> int:
    known, ordinal = rollups.persons.setdefault(row.account, {}), row.day.toordinal()
    person = known.get(row.person)
    if person is None:
        person = known[row.person] = PersonUse(
            number=use.persons, first_at=at, last_day=ordinal, changed=True
        )
        use.persons += 1
    elif at < person.first_at or ordinal > person.last_day:
        person.first_at = min(person.first_at, at)
        person.last_day = max(person.last_day, ordinal)
        person.changed = True
    return person.number


def _add_to_account(use: Use, at: int, more: int) -> None:
    if use.first_at == 0:
        use.first_at = use.last_at = at
    use.first_at, use.last_at = min(use.first_at, at), max(use.last_at, at)
    use.events += more
    use.changed = True


def _add_to_name(rollups: Rollups, row: Told, more: int, at: int = 0) -> None:
    """Without a moment nothing is known of when."""
    name = rollups.name(row.name, row.account)
    if at and name.first_at == 0:
        name.first_at = name.last_at = at
    if at:
        name.first_at, name.last_at = min(name.first_at, at), max(name.last_at, at)
    name.events += more
    name.changed = True


def settle(session: Session, rows: Sequence[Told]) -> None:
    """What was told anew in between stays open."""
    table: Any = UsageTold.__table__
    same = and_(
        table.c.count == bindparam("of_count"),
        table.c.duration_ms == bindparam("of_ms"),
        table.c.count > 0,
    )
    values = {"counted": bindparam("of_count"), "counted_ms": bindparam("of_ms"), "settled": same}
    if rows:
        statement = update(table).where(*_is_row(table)).values(values)
        session.connection().execute(statement, [_key(row) for row in rows])


def drop(session: Session, rows: Sequence[Told]) -> None:
    """Those that were taken back, unless they were told again in between."""
    table: Any = UsageTold.__table__
    if rows:
        statement = delete(table).where(*_is_row(table), table.c.count == 0)
        session.connection().execute(statement, [_key(row) for row in rows])


def _is_row(table: Any) -> tuple[Any, ...]:
    return (
        table.c.account_id == bindparam("of_account"),
        table.c.day == bindparam("of_day"),
        table.c.external_id == bindparam("of_person"),
        table.c.name == bindparam("of_name"),
    )


def _key(row: Told) -> dict[str, Any]:
    return {
        "of_account": row.account,
        "of_day": row.day,
        "of_person": row.person,
        "of_name": row.name,
        "of_count": row.count,
        "of_ms": row.duration_ms,
    }


def write_days(session: Session, days: dict[int, Any]) -> None:
    for account, bitmap in sorted(days.items()):
        bitmap.run_optimize()
        session.execute(
            update(UsageAccount)
            .where(UsageAccount.account_id == account)
            .values(told=bitmap.serialize())
            .execution_options(synchronize_session=False)
        )
