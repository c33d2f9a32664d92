"""The accounts in reach at a glance, in four statements however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS, share
from portal.models import Account, Person, UsageAccount, UsageDay, UsagePerson
from portal.services.adoption.window import last_full_day
from portal.tenancy import scope_of
from portal.usage.bitmaps import union_of

WEEKS = 12
Days = dict[date, Any]


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """As of the last full local day, `as_of`. `spark`: persons active in each of the last twelve
    weeks, the latest last. `login_ratio_30d` is None without provisioned persons or any event.
    """

    key: str
    name: str
    tier: str
    industry: str
    region: str
    time_zone: str
    seats: int | None
    contract_end: date | None
    as_of: date
    provisioned: int
    mau: int
    mau_before: int
    login_ratio_30d: float | None
    spark: list[int]
    last_event_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Listed:
    active_from: date
    active_until: date | None
    number: int | None


def list_portfolio(session: Session) -> list[PortfolioRow]:
    """By name. `mau_before` is the MAU of 30 days earlier."""
    accounts = session.execute(
        select(
            Account.id,
            Account.key,
            Account.name,
            Account.tier,
            Account.industry,
            Account.region,
            Account.time_zone,
            Account.seats,
            Account.contract_end,
            UsageAccount.last_at,
        )
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .order_by(Account.name, Account.key)
    ).all()
    now = scope_of(session).now
    ends = {row.id: last_full_day(row.time_zone, now) for row in accounts}
    days = _days(session, ends)
    persons = _persons(session)
    return [
        _row(row, ends[row.id], days.get(row.id, {}), persons.get(row.id, [])) for row in accounts
    ]


def _days(session: Session, ends: dict[int, date]) -> dict[int, Days]:
    found: dict[int, Days] = {}
    if ends:
        first = min(ends.values()) - timedelta(days=WEEKS * DAYS_A_WEEK)
        wanted = select(UsageDay.account_id, UsageDay.day, UsageDay.users)
        for row in session.execute(wanted.where(UsageDay.day > first)):
            found.setdefault(row.account_id, {})[row.day] = BitMap.deserialize(row.users)
    return found


def _persons(session: Session) -> dict[int, list[_Listed]]:
    """Joined here and not by the database, as in usage/queries.py."""
    seen = select(UsagePerson.account_id, UsagePerson.external_id, UsagePerson.number)
    numbers = {(account, name): number for account, name, number in session.execute(seen)}
    found: dict[int, list[_Listed]] = {}
    listed = select(Person.account_id, Person.external_id, Person.active_from, Person.active_until)
    for account, name, start, until in session.execute(listed):
        person = _Listed(start, until, numbers.get((account, name)))
        found.setdefault(account, []).append(person)
    return found


def _row(account: Any, end: date, days: Days, persons: Iterable[_Listed]) -> PortfolioRow:
    month = _active(days, end, MONTH_DAYS)
    listed = [
        row.number
        for row in persons
        if row.active_from <= end and (row.active_until is None or row.active_until > end)
    ]
    known = BitMap([number for number in listed if number is not None])
    ratio = share(len(month & known), len(listed)) if account.last_at else None
    weeks = [end - timedelta(days=DAYS_A_WEEK * back) for back in reversed(range(WEEKS))]
    return PortfolioRow(
        key=account.key,
        name=account.name,
        tier=account.tier,
        industry=account.industry,
        region=account.region,
        time_zone=account.time_zone,
        seats=account.seats,
        contract_end=account.contract_end,
        as_of=end,
        provisioned=len(listed),
        mau=len(month),
        mau_before=len(_active(days, end - timedelta(days=MONTH_DAYS), MONTH_DAYS)),
        login_ratio_30d=ratio,
        spark=[len(_active(days, week, DAYS_A_WEEK)) for week in weeks],
        last_event_at=account.last_at,
    )


def _active(days: Days, last: date, width: int) -> Any:
    run = (last - timedelta(days=back) for back in range(width))
    return union_of([days[day] for day in run if day in days])
