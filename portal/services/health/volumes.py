"""How business volume moved, of many accounts on given days, in two statements."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.metrics import MONTH_DAYS
from portal.domain.volumes import change
from portal.models import VolumeDay

MONTH = timedelta(days=MONTH_DAYS)
A_DAY = timedelta(days=1)
NOUGHT = Decimal(0)


def volume_changes(
    session: Session, days: Mapping[int, Sequence[date]]
) -> dict[tuple[int, date], float]:
    """Mean over the account's series of the 30 days that end on the day against the 30 before (0.1
    is a tenth more). A series counts once it has a whole time before, and where that was above
    zero; without any there is no entry.
    """
    asked = {account: run for account, run in days.items() if run}
    if not asked:
        return {}
    begins = _begins(session, asked)
    sums = _sums(session, asked)
    found = {}
    for account, run in asked.items():
        for day in run:
            known = [
                moved
                for series, since in begins.get(account, {}).items()
                if since <= day - 2 * MONTH + A_DAY
                and (moved := _moved(sums.get((account, series), {}), day)) is not None
            ]
            if known:
                found[account, day] = sum(known) / len(known)
    return found


def _begins(session: Session, accounts: Mapping[int, object]) -> dict[int, dict[int, date]]:
    wanted = (
        select(VolumeDay.account_id, VolumeDay.series_id, func.min(VolumeDay.day))
        .where(VolumeDay.account_id.in_(sorted(accounts)))
        .group_by(VolumeDay.account_id, VolumeDay.series_id)
    )
    found: dict[int, dict[int, date]] = {}
    for account, series, since in session.execute(wanted):
        found.setdefault(account, {})[series] = since
    return found


def _sums(
    session: Session, asked: Mapping[int, Sequence[date]]
) -> dict[tuple[int, int], dict[date, Decimal]]:
    first = min(run[0] for run in asked.values()) - 2 * MONTH + A_DAY
    last = max(run[-1] for run in asked.values())
    wanted = select(
        VolumeDay.account_id, VolumeDay.series_id, VolumeDay.day, VolumeDay.total
    ).where(VolumeDay.account_id.in_(sorted(asked)), VolumeDay.day.between(first, last))
    found: dict[tuple[int, int], dict[date, Decimal]] = {}
    for account, series, day, total in session.execute(wanted):
        found.setdefault((account, series), {})[day] = total
    return found


def _moved(sums: Mapping[date, Decimal], day: date) -> float | None:
    now = _total(sums, day)
    return change(now, _total(sums, day - MONTH))


def _total(sums: Mapping[date, Decimal], last: date) -> Decimal:
    """Of the 30 days that end on `last`."""
    run = (last - timedelta(days=back) for back in range(MONTH_DAYS))
    return sum((sums.get(day, NOUGHT) for day in run), NOUGHT)
