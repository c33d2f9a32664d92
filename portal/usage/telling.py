"""Daily sums that were told (models/told.py) become part of the same rollups as events.

The table is their durable log: a rebuild adds its rows to what it reads from the log of events. The
fold adds to the rollups the difference between what is told and what of it was counted already, in
the transaction that says so: each change counts once, whoever folds. Sums may rise and fall like
that; but a person whose last count of a day is taken back can be taken out of no bitmap, so the
account's rollups are made again (rebuild.py).

A told day begins an account's, a person's and a name's time at its first instant, and leaves no
minutes: nobody knows when in the day it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import UsageAccount, UsageTold
from portal.tenancy import system_scope
from portal.usage import store, versions
from portal.usage.bulk import read_rows_of
from portal.usage.days import day_start
from portal.usage.ended import note_ended
from portal.usage.fixed import Bounds
from portal.usage.plan import Plan
from portal.usage.rollups import PersonUse, Rollups, Use
from portal.usage.writing import write

STEP_ROWS = 20_000
_UNCOUNTED = or_(
    UsageTold.count != UsageTold.counted, UsageTold.duration_ms != UsageTold.counted_ms
)
_TAKEN_BACK = and_(UsageTold.settled.is_(False), UsageTold.count == 0, UsageTold.counted == 0)


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


@dataclass(slots=True)
class AllTold:
    """Rows whose days are made again, and rows whose days stay as they are (usage/fixed.py)."""

    anew: list[Told] = field(default_factory=list)
    staying: list[Told] = field(default_factory=list)


def fold_told(database: Database, now: datetime) -> int:
    """Adds what is told and not counted yet; returns how many rows. Any number of processes."""
    folded = 0
    while True:
        rows = _fold_some(database, now)
        if rows == 0:
            return folded
        folded += max(rows, 0)


def _fold_some(database: Database, now: datetime) -> int:
    """How many rows; -1 where somebody else wrote in between."""
    with database.session(system_scope(now, "fold")) as session:
        version = versions.read_version(session)
        rows = _uncounted(session)
        if not rows or version is None:
            return 0
        rollups = Rollups()
        _load(session, rollups, rows)
        add_told(rollups, rows)
    with database.session(system_scope(now, "fold"), writes=True) as session:
        if not versions.take(session, version):
            session.rollback()
            return -1
        write(session, rollups, version + 1, now)
        note_ended(session, rollups, version + 1, now)
        _settle(session, rows)
        _mark_days(session, rows)
        session.commit()
    return len(rows)


def _uncounted(session: Session) -> list[Told]:
    wanted = _columns().where(UsageTold.settled.is_(False), _UNCOUNTED)
    ordered = wanted.order_by(UsageTold.account_id, UsageTold.day).limit(STEP_ROWS)
    return [Told(*row) for row in session.execute(ordered)]


def _columns() -> Any:
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


def _load(session: Session, rollups: Rollups, rows: Sequence[Told]) -> None:
    zones = store.zones_by_id(session, {row.account for row in rows})
    store.load_uses(session, rollups, zones)
    for account, zone in zones.items():
        rollups.uses.setdefault(account, Use(time_zone=zone))
    plan = _plan_of(rows, zones)
    store.load_names(session, rollups, plan.touched_names())
    store.load_plan(session, rollups, plan)


def _plan_of(rows: Sequence[Told], zones: dict[int, str]) -> Plan:
    """What of the rollups the rows touch; nothing else of it counts."""
    accounts = sorted(zones)
    places = {account: place for place, account in enumerate(accounts)}
    persons = {text: place for place, text in enumerate(dict.fromkeys(row.person for row in rows))}
    names = {text: place for place, text in enumerate(dict.fromkeys(row.name for row in rows))}
    nothing = np.zeros(len(rows), np.int64)
    return Plan(
        accounts=accounts,
        zones=[zones[one] for one in accounts],
        places=np.array([places[row.account] for row in rows], np.int64),
        days=np.array([row.day.toordinal() for row in rows], np.int64),
        persons=np.array([persons[row.person] for row in rows], np.int64),
        names=np.array([names[row.name] for row in rows], np.int64),
        person_list=list(persons),
        name_list=list(names),
        integration_list=[],
        **dict.fromkeys(("stamps", "minutes", "buckets", "durations"), nothing),
        **dict.fromkeys(("integrations", "positions"), nothing),
        hashes=nothing.astype(np.uint64),
        calls=nothing.astype(bool),
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
                one.users.add(number)


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


def _settle(session: Session, rows: Sequence[Told]) -> None:
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


def _drop(session: Session, rows: Sequence[Told]) -> None:
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


def _mark_days(session: Session, rows: Iterable[Told]) -> None:
    days: dict[int, Any] = {}
    for row in rows:
        days.setdefault(row.account, BitMap()).add(row.day.toordinal())
    columns = ("account_id", "told")
    table = UsageAccount.__table__
    for known in read_rows_of(session, table, columns[:1], columns, sorted(days)):
        if known.told is not None:
            days[known.account_id] |= BitMap.deserialize(known.told)
    _write_days(session, days)


def _write_days(session: Session, days: dict[int, Any]) -> None:
    for account, bitmap in sorted(days.items()):
        bitmap.run_optimize()
        session.execute(
            update(UsageAccount)
            .where(UsageAccount.account_id == account)
            .values(told=bitmap.serialize())
            .execution_options(synchronize_session=False)
        )


def accounts_taken_back(session: Session) -> list[int]:
    """Accounts with a day that somebody's last count was taken back of."""
    return sorted(session.scalars(select(UsageTold.account_id).where(_TAKEN_BACK).distinct()))


def read_all_told(session: Session, only: frozenset[int] | None, bounds: Bounds) -> AllTold:
    """Of days that stay as they are, what counts already is in the rollups and stays, too."""
    wanted = _columns().order_by(UsageTold.account_id, UsageTold.day)
    if only is not None:
        wanted = wanted.where(UsageTold.account_id.in_(sorted(only)))
    found = AllTold()
    for one in session.execute(wanted):
        row = Told(*one)
        stays = row.day.toordinal() < bounds.days.get(row.account, 0)
        (found.staying if stays else found.anew).append(row)
    return found


def add_all_told(session: Session, rollups: Rollups, told: AllTold) -> None:
    """To rollups that are made from nothing, or from the days that stay."""
    accounts = {row.account for row in told.anew if row.count}
    for account, zone in store.zones_by_id(session, accounts - rollups.uses.keys()).items():
        rollups.uses[account] = Use(time_zone=zone)
    add_told(rollups, told.anew, anew=True)


def settle_all_told(session: Session, told: AllTold) -> None:
    """After `add_all_told`, in the same transaction and behind the accounts' rows."""
    _settle(session, [row for row in told.anew if not row.settled])
    _drop(session, [row for row in told.anew if not row.count])
    # Taken back just before the day could no longer be made again.
    _drop(session, [row for row in told.staying if not row.count and not row.counted])
    days: dict[int, Any] = {}
    for row in (*told.anew, *told.staying):
        if row.count:
            days.setdefault(row.account, BitMap()).add(row.day.toordinal())
    _write_days(session, days)
