"""Sums of 30 days of an account's series, on several days: what a target is held against."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.account_metrics import Values, volume_metric
from portal.domain.metrics import MONTH_DAYS
from portal.models import Account, VolumeDay, VolumeSeries

NOUGHT = Decimal(0)
MONTH_BEFORE = timedelta(days=MONTH_DAYS - 1)


def volume_course(session: Session, account_key: str, days: Sequence[date]) -> list[Values]:
    """Metric → sum of the 30 days that end on each of the days, which rise; None before the
    series' first day. Two statements, however many series and days.
    """
    if not days:
        return []
    begins = _begins(session, account_key)
    sums = _sums(session, account_key, days[0] - MONTH_BEFORE, days[-1]) if begins else {}
    return [
        {
            volume_metric(series): None
            if since > day
            else _month(sums.get(series, {}).items(), day)
            for series, since in begins.items()
        }
        for day in days
    ]


def _begins(session: Session, account_key: str) -> dict[str, date]:
    wanted = (
        select(VolumeSeries.key, func.min(VolumeDay.day))
        .join(VolumeDay, VolumeDay.series_id == VolumeSeries.id)
        .join(Account, Account.id == VolumeSeries.account_id)
        .where(Account.key == account_key)
        .group_by(VolumeSeries.key)
        .order_by(VolumeSeries.key)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _sums(
    session: Session, account_key: str, first: date, last: date
) -> dict[str, dict[date, Decimal]]:
    wanted = (
        select(VolumeSeries.key, VolumeDay.day, VolumeDay.total)
        .join(VolumeDay, VolumeDay.series_id == VolumeSeries.id)
        .join(Account, Account.id == VolumeSeries.account_id)
        .where(Account.key == account_key, VolumeDay.day.between(first, last))
    )
    found: dict[str, dict[date, Decimal]] = {}
    for series, day, total in session.execute(wanted):
        found.setdefault(series, {})[day] = total
    return found


def _month(totals: Iterable[tuple[date, Decimal]], day: date) -> float:
    first = day - MONTH_BEFORE
    return float(sum((total for on, total in totals if first <= on <= day), NOUGHT))
