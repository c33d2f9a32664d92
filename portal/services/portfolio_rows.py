"""The rows of the portfolio out of the database: accounts beside their snapshots."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from portal.domain.metrics import share
from portal.models import Account, AccountSnapshot, UsageAccount
from portal.services.portfolio_snapshots import (
    PACKED_WEEKS,
    AccountFigures,
    holds,
    last_days,
    read_figures,
)
from portal.tenancy import plain_rows, scope_of

# A snapshot that does not hold any more is made anew while the reader waits; of so many at once
# (midnight in a large zone) the ones before are shown as of their day until the worker has been.
MOST_AT_ONCE = 200


class PortfolioRow(NamedTuple):
    """As of the full local day `as_of`, the last one unless very many days ended a moment ago.
    `mau_before` is the MAU of 30 days earlier, `mau_provisioned` the part of `mau` that is set up.
    """

    key: str
    name: str
    tier: str
    industry: str
    region: str
    time_zone: str
    seats: int | None
    contract_end: date | None
    last_event: datetime | str | None
    as_of: date
    provisioned: int
    mau: int
    mau_provisioned: int
    mau_before: int
    packed_weeks: bytes

    @property
    def last_event_at(self) -> datetime | None:
        """`last_event` is as the database's driver gives it: SQLite's is a text."""
        if isinstance(self.last_event, str):
            return datetime.fromisoformat(self.last_event).replace(tzinfo=UTC)
        return self.last_event

    @property
    def login_ratio_30d(self) -> float | None:
        """None without provisioned persons or any event."""
        return share(self.mau_provisioned, self.provisioned) if self.last_event else None

    @property
    def spark(self) -> tuple[int, ...]:
        """Persons active in each of the last twelve weeks, the latest last."""
        return PACKED_WEEKS.unpack(self.packed_weeks)


# Built once. First what a row shows as it stands, then what decides whether that holds.
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
        type_coerce(UsageAccount.last_at, NullType()),
        AccountSnapshot.day,
        AccountSnapshot.provisioned,
        AccountSnapshot.mau,
        AccountSnapshot.mau_provisioned,
        AccountSnapshot.mau_before,
        AccountSnapshot.weeks,
        Account.id,
        Account.people_version,
        UsageAccount.ended_version,
        AccountSnapshot.version,
        AccountSnapshot.people_version,
    )
    .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
    .outerjoin(AccountSnapshot, AccountSnapshot.account_id == Account.id)
)
_ZONE, _DAY, _ID = 5, 9, 15


@dataclass(frozen=True, slots=True)
class ReadRows:
    """By account id. `ends`: zone → the last full day there; `behind`: the accounts that are shown
    as of an earlier day, or without what came late.
    """

    rows: dict[int, PortfolioRow]
    ends: dict[str, date]
    behind: frozenset[int]


def read_rows(session: Session, only: Collection[int] | None = None) -> ReadRows:
    """Of the accounts in reach, or of these among them."""
    rows = plain_rows(session, _ROWS if only is None else _ROWS.where(Account.id.in_(only)))
    ends = last_days({row[_ZONE] for row in rows}, scope_of(session).now)
    wanted, behind = _wanted(rows, ends)
    made = read_figures(session, wanted)
    new, found = tuple.__new__, {}
    for row in rows:
        account = row[_ID]
        figures = made.get(account) if made else None
        shown = row[:_ID] if figures is None else (*row[:_DAY], *_figures(figures))
        found[account] = new(PortfolioRow, shown)
    return ReadRows(found, ends, behind)


def _wanted(rows: list[Any], ends: dict[str, date]) -> tuple[dict[int, date], frozenset[int]]:
    """Accounts to work out now: some of those whose snapshot does not hold, and all that have
    none; and the others that it does not hold of.
    """
    wanted: dict[int, date] = {}
    behind = set()
    for row in rows:
        end, held = ends[row[_ZONE]], row[_DAY]
        account, people_version, ended, version, held_people = row[_ID:]
        if holds((held, version, held_people), end, ended, people_version):
            continue
        if held is None or len(wanted) < MOST_AT_ONCE:
            wanted[account] = end
        else:
            behind.add(account)
    return wanted, frozenset(behind)


def _figures(of: AccountFigures) -> tuple[object, ...]:
    weeks = PACKED_WEEKS.pack(*of.weeks)
    return of.day, of.provisioned, of.mau, of.mau_provisioned, of.mau_before, weeks
