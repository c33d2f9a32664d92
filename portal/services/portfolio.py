"""The accounts in reach at a glance, in one statement however many there are."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.metrics import share
from portal.models import Account, AccountSnapshot, UsageAccount
from portal.services.portfolio_snapshots import (
    PACKED_WEEKS,
    AccountFigures,
    holds,
    last_days,
    read_figures,
)
from portal.tenancy import scope_of

# A snapshot that does not hold any more is made anew while the reader waits; of so many at once
# (midnight in a large zone) the ones before are shown as of their day until the worker has been.
MOST_AT_ONCE = 200


class PortfolioRow(NamedTuple):
    """As of the full local day `as_of`, the last one unless very many days ended a moment ago.
    `spark`: persons active in each of the last twelve weeks, the latest last. `login_ratio_30d` is
    None without provisioned persons or any event.
    """

    key: str
    name: str
    tier: str
    industry: str
    region: str
    time_zone: str
    seats: int | None
    contract_end: date | None
    last_event_at: datetime | None
    as_of: date
    provisioned: int
    mau: int
    mau_before: int
    login_ratio_30d: float | None
    spark: tuple[int, ...]


# Built once. What a row shows as it stands comes first, then what decides whether the snapshot
# holds, then the snapshot.
_ROWS = (
    select(
        Account.key,
        Account.name,
        Account.tier,
        Account.industry,
        Account.region,
        Account.time_zone,
        Account.seats,
        Account.contract_end,
        UsageAccount.last_at,
        Account.id,
        Account.people_version,
        UsageAccount.ended_version,
        AccountSnapshot.day,
        AccountSnapshot.version,
        AccountSnapshot.people_version,
        AccountSnapshot.provisioned,
        AccountSnapshot.mau,
        AccountSnapshot.mau_provisioned,
        AccountSnapshot.mau_before,
        AccountSnapshot.weeks,
    )
    .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
    .outerjoin(AccountSnapshot, AccountSnapshot.account_id == Account.id)
    .order_by(Account.name, Account.key)
)
_SHOWN = 9
_ZONE, _LAST_AT, _ID, _DAY = 5, 8, 9, 12


def list_portfolio(session: Session) -> list[PortfolioRow]:
    """By name. `mau_before` is the MAU of 30 days earlier."""
    rows: list[Any] = list(session.execute(_ROWS).all())
    ends = last_days({row[_ZONE] for row in rows}, scope_of(session).now)
    made = _made_anew(session, rows, ends)
    return [_of_figures(row, made[row[_ID]]) if row[_ID] in made else _of_row(row) for row in rows]


def _made_anew(
    session: Session, rows: list[Any], ends: dict[str, date]
) -> dict[int, AccountFigures]:
    """Figures of accounts whose snapshot does not hold, and of all that have none."""
    wanted: dict[int, date] = {}
    for row in rows:
        _, people_version, ended, *held = row[_ID : _DAY + 3]
        if not holds(held, ends[row[_ZONE]], ended, people_version) and (
            row[_DAY] is None or len(wanted) < MOST_AT_ONCE
        ):
            wanted[row[_ID]] = ends[row[_ZONE]]
    return read_figures(session, wanted)


def _of_row(row: Any) -> PortfolioRow:
    day, _, _, provisioned, mau, mau_provisioned, mau_before, weeks = row[_DAY:]
    ratio = share(mau_provisioned, provisioned) if row[_LAST_AT] else None
    figures = (day, provisioned, mau, mau_before, ratio, PACKED_WEEKS.unpack(weeks))
    return PortfolioRow._make((*row[:_SHOWN], *figures))


def _of_figures(row: Any, of: AccountFigures) -> PortfolioRow:
    ratio = share(of.mau_provisioned, of.provisioned) if row[_LAST_AT] else None
    figures = (of.day, of.provisioned, of.mau, of.mau_before, ratio, of.weeks)
    return PortfolioRow._make((*row[:_SHOWN], *figures))
