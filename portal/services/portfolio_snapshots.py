"""The figures that lists of many accounts show, worked out ahead of the reader."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from struct import Struct
from typing import Any

from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS
from portal.models import Account, AccountSnapshot, Person, UsageAccount, UsagePerson
from portal.services.adoption.window import last_full_day
from portal.tenancy import system_scope
from portal.usage.bitmaps import union_of
from portal.usage.bulk import save_rows
from portal.usage.queries import read_account_days
from portal.usage.store import chunks
from portal.usage.versions import read_version

WEEKS = 12
PACKED_WEEKS = Struct(f"<{WEEKS}I")
Days = Mapping[date, Any]


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """As of the end of `day`. `mau_provisioned`: those of `mau` who are provisioned;
    `mau_before`: 30 days earlier; `weeks`: the latest last.
    """

    day: date
    provisioned: int
    mau: int
    mau_provisioned: int
    mau_before: int
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Listed:
    active_from: date
    active_until: date | None
    number: int | None

    def provisioned_on(self, day: date) -> bool:
        return self.active_from <= day and (self.active_until is None or self.active_until > day)


@dataclass(frozen=True, slots=True)
class _Due:
    """An account whose snapshot does not hold any more."""

    account: int
    day: date
    people_version: int


def refresh_snapshots(database: Database, now: datetime) -> int:
    """Makes the snapshots that do not hold any more, some at a time; how many. Any number of
    processes may do this at once, and any of them may die.
    """
    with database.session(system_scope(now, "snapshots")) as session:
        due = _due(session, now)
    for some in chunks(sorted(due)):
        _refresh(database, now, [due[account] for account in some])
    return len(due)


def _due(session: Session, now: datetime) -> dict[int, _Due]:
    rows = session.execute(
        select(
            Account.id,
            Account.time_zone,
            Account.people_version,
            UsageAccount.ended_version,
            AccountSnapshot.day,
            AccountSnapshot.version,
            AccountSnapshot.people_version,
        )
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .outerjoin(AccountSnapshot, AccountSnapshot.account_id == Account.id)
    ).all()
    ends = last_days({row[1] for row in rows}, now)
    return {
        account: _Due(account, ends[zone], people)
        for account, zone, people, ended, *held in rows
        if not holds(held, ends[zone], ended, people)
    }


def holds(held: Iterable[Any], day: date, ended: int | None, people_version: int) -> bool:
    """`held`: the snapshot's day, version and people_version, or nothing but None."""
    held_day, version, held_people = held
    return bool(held_day == day and version >= (ended or 0) and held_people == people_version)


def last_days(zones: Collection[str], now: datetime) -> dict[str, date]:
    return {zone: last_full_day(zone, now) for zone in zones}


def _refresh(database: Database, now: datetime, due: list[_Due]) -> None:
    with database.session(system_scope(now, "snapshots")) as session:
        # Read first: what is folded meanwhile makes the snapshot due once more.
        version = read_version(session) or 0
        found = read_figures(session, {one.account: one.day for one in due})
    rows = [_row(one, version, found[one.account]) for one in due]
    with database.session(system_scope(now, "snapshots"), writes=True) as session:
        names = [column.name for column in AccountSnapshot.__table__.columns]
        columns = {name: [row[name] for row in rows] for name in names}
        save_rows(session, AccountSnapshot.__table__, columns)
        session.commit()


def _row(due: _Due, version: int, figures: AccountFigures) -> dict[str, Any]:
    return {
        "account_id": due.account,
        "day": figures.day,
        "version": version,
        "people_version": due.people_version,
        "provisioned": figures.provisioned,
        "mau": figures.mau,
        "mau_provisioned": figures.mau_provisioned,
        "mau_before": figures.mau_before,
        "weeks": PACKED_WEEKS.pack(*figures.weeks),
    }


def read_figures(session: Session, ends: Mapping[int, date]) -> dict[int, AccountFigures]:
    """From the rollups. `ends`: account → the day as of which."""
    if not ends:
        return {}
    first = min(ends.values()) - timedelta(days=WEEKS * DAYS_A_WEEK - 1)
    days: dict[int, dict[date, Any]] = {}
    for some in chunks(ends):
        for row in read_account_days(session, some, first, max(ends.values())):
            days.setdefault(row.account, {})[row.day] = row.users
    persons = _persons(session, ends.keys())
    return {
        account: _figures(end, days.get(account, {}), persons.get(account, []))
        for account, end in ends.items()
    }


def _persons(session: Session, accounts: Collection[int]) -> dict[int, list[_Listed]]:
    """Joined here and not by the database, as in usage/queries.py."""
    found: dict[int, list[_Listed]] = {}
    for some in chunks(accounts):
        seen = select(UsagePerson.account_id, UsagePerson.external_id, UsagePerson.number).where(
            UsagePerson.account_id.in_(some)
        )
        numbers = {(account, name): number for account, name, number in session.execute(seen)}
        listed = select(
            Person.account_id, Person.external_id, Person.active_from, Person.active_until
        ).where(Person.account_id.in_(some))
        for account, name, start, until in session.execute(listed):
            person = _Listed(start, until, numbers.get((account, name)))
            found.setdefault(account, []).append(person)
    return found


def _figures(end: date, days: Days, persons: Iterable[_Listed]) -> AccountFigures:
    month = _active(days, end, MONTH_DAYS)
    listed = [one.number for one in persons if one.provisioned_on(end)]
    known = BitMap([number for number in listed if number is not None])
    weeks = (end - timedelta(days=DAYS_A_WEEK * back) for back in reversed(range(WEEKS)))
    return AccountFigures(
        day=end,
        provisioned=len(listed),
        mau=len(month),
        mau_provisioned=len(month & known),
        mau_before=len(_active(days, end - timedelta(days=MONTH_DAYS), MONTH_DAYS)),
        weeks=tuple(len(_active(days, week, DAYS_A_WEEK)) for week in weeks),
    )


def _active(days: Days, last: date, width: int) -> Any:
    run = (last - timedelta(days=back) for back in range(width))
    return union_of([days[day] for day in run if day in days])
