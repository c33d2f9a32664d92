"""Daily sums that were told, when rollups are made again (usage/rebuild.py)."""

from dataclasses import dataclass, field
from typing import Any

from pyroaring import BitMap
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.models import UsageTold
from portal.usage import store
from portal.usage.fixed import Bounds
from portal.usage.rollups import Rollups, Use
from portal.usage.told import Told, add_told, drop, settle, told_rows, write_days

_TAKEN_BACK = and_(UsageTold.settled.is_(False), UsageTold.count == 0, UsageTold.counted == 0)


@dataclass(slots=True)
class AllTold:
    """Rows whose days are made again, and rows whose days stay as they are (usage/fixed.py)."""

    anew: list[Told] = field(default_factory=list)
    staying: list[Told] = field(default_factory=list)


def accounts_taken_back(session: Session) -> list[int]:
    """Accounts with a day that somebody's last count was taken back of."""
    return sorted(session.scalars(select(UsageTold.account_id).where(_TAKEN_BACK).distinct()))


def read_all_told(session: Session, only: frozenset[int] | None, bounds: Bounds) -> AllTold:
    """Of days that stay as they are, what counts already is in the rollups and stays, too."""
    wanted = told_rows().order_by(UsageTold.account_id, UsageTold.day)
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
    settle(session, [row for row in told.anew if not row.settled])
    drop(session, [row for row in told.anew if not row.count])
    # Taken back just before the day could no longer be made again.
    drop(session, [row for row in told.staying if not row.count and not row.counted])
    days: dict[int, Any] = {}
    for row in (*told.anew, *told.staying):
        if row.count:
            days.setdefault(row.account, BitMap()).add(row.day.toordinal())
    write_days(session, days)
