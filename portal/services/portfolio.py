"""The accounts in reach at a glance, in a few statements however many there are.

Of all accounts a process keeps the rows that it has read: after a fold only those that it touched
are read again.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.shelf import Shelf
from portal.models import Account, UsageAccount, UsageFold
from portal.services.portfolio_rows import PortfolioRow, ReadRows, read_rows
from portal.services.portfolio_snapshots import last_days
from portal.tenancy import ALL_ACCOUNTS, scope_of
from portal.usage.daybook import shelf_of

__all__ = ["PortfolioRow", "list_portfolio"]

KEY = "portfolio"
A_ROW = 900
"""Bytes that a row takes, about."""
# Of more it is quicker to read all.
MOST_AGAIN = 1_500
Rows = list[PortfolioRow]


@dataclass(frozen=True, slots=True)
class _State:
    """All that rows follow from but for the events of accounts, `version` says up to which fold
    these are known. `accounts`, `users`: other ones whenever a row of theirs comes, goes or (of
    `accounts`) changes.
    """

    accounts: tuple[int, int]
    users: tuple[int, int]
    version: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """`rows` by name, `places` those of the account ids in them."""

    state: _State
    ends: dict[str, date]
    behind: frozenset[int]
    rows: Rows
    places: dict[int, int]


def list_portfolio(session: Session) -> Rows:
    """By name, whatever its case."""
    scope, shelf = scope_of(session), shelf_of(session)
    if scope.accounts is not ALL_ACCOUNTS or shelf is None:
        return sorted(read_rows(session).rows.values(), key=_by_name)
    return list(_of_all(session, shelf).rows)


def _by_name(row: PortfolioRow) -> tuple[str, str]:
    return row.name.casefold(), row.key


def _of_all(session: Session, shelf: Shelf) -> _Kept:
    # Read first: what is folded meanwhile is read again the next time.
    state = _read_state(session)
    kept: _Kept | None = shelf.find(KEY)
    again = None if kept is None else _touched(session, kept, state)
    if kept is None or again is None:
        made = _arranged(state, read_rows(session))
    else:
        made = _renewed(session, kept, state, again)
    if made is not kept:
        shelf.put(KEY, made, A_ROW * len(made.rows))
    return made


_STATE = select(
    select(func.count(Account.id)).scalar_subquery(),
    select(func.coalesce(func.sum(Account.revision), 0)).scalar_subquery(),
    select(func.count(UsageAccount.account_id)).scalar_subquery(),
    select(func.coalesce(func.sum(UsageAccount.account_id), 0)).scalar_subquery(),
    select(func.coalesce(func.sum(UsageFold.version), 0)).scalar_subquery(),
)


def _read_state(session: Session) -> _State:
    accounts, revisions, users, numbers, version = map(int, session.execute(_STATE).one())
    return _State((accounts, revisions), (users, numbers), version)


def _touched(session: Session, kept: _Kept, state: _State) -> frozenset[int] | None:
    """Ids of the accounts that are to be read again; None: all."""
    if (kept.state.accounts, kept.state.users) != (state.accounts, state.users):
        return None
    if state.version < kept.state.version or _ended(kept, session):
        return None
    touched: set[int] = set(kept.behind)
    if state.version != kept.state.version:
        wanted = select(UsageAccount.account_id).where(UsageAccount.version > kept.state.version)
        touched.update(session.scalars(wanted))
    return frozenset(touched) if len(touched) <= MOST_AGAIN else None


def _ended(kept: _Kept, session: Session) -> bool:
    """Whether a day has ended in any zone, or the reader looks back."""
    return kept.ends != last_days(kept.ends.keys(), scope_of(session).now)


def _arranged(state: _State, found: ReadRows) -> _Kept:
    ordered = sorted(found.rows.items(), key=lambda one: _by_name(one[1]))
    places = {account: place for place, (account, _) in enumerate(ordered)}
    return _Kept(state, found.ends, found.behind, [row for _, row in ordered], places)


def _renewed(session: Session, kept: _Kept, state: _State, again: frozenset[int]) -> _Kept:
    if not again:
        return kept if state == kept.state else replace(kept, state=state)
    found = read_rows(session, again)
    rows = list(kept.rows)
    for account, row in found.rows.items():
        rows[kept.places[account]] = row
    return _Kept(state, kept.ends, found.behind, rows, kept.places)
