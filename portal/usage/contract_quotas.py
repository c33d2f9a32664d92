"""What contracts allow, and what of it is used, of many accounts at once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.account_metrics import volume_metric, volume_series_of
from portal.domain.contract_quotas import CALLS
from portal.domain.early_warning import Numbers, QuotaUse
from portal.domain.metrics import MONTH_DAYS
from portal.models import Account, AccountQuota, EditionQuota, VolumeDay, VolumeSeries

Daily = Mapping[int, float]
"""Ordinal of a day → how much."""


def read_quotas(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """Account → measure → amount: its edition's, but for those of its own."""
    of_edition = (
        select(Account.id, EditionQuota.measure, EditionQuota.amount)
        .join(EditionQuota, EditionQuota.edition_id == Account.edition_id)
        .where(Account.id.in_(ids))
    )
    own = select(AccountQuota.account_id, AccountQuota.measure, AccountQuota.amount).where(
        AccountQuota.account_id.in_(ids)
    )
    found: dict[int, dict[str, Decimal]] = {}
    for wanted in (of_edition, own):
        for account, measure, amount in session.execute(wanted):
            found.setdefault(account, {})[measure] = amount
    return found


def quota_uses(
    session: Session,
    last_days: Mapping[int, date],
    length: int,
    calls: Mapping[int, Daily],
) -> dict[int, list[QuotaUse]]:
    """Of each account with quotas, day by day what was used in the 30 days that end on it. `calls`:
    account → calls of integrations, from 30 days before the first day on.
    """
    quotas = read_quotas(session, sorted(last_days))
    volumes = _volumes(session, quotas, last_days, length)
    found: dict[int, list[QuotaUse]] = {}
    for account, measures in quotas.items():
        for measure, amount in sorted(measures.items()):
            daily = calls if measure == CALLS else volumes.get(measure, {})
            used = _rolling(daily.get(account, {}), last_days[account].toordinal(), length)
            found.setdefault(account, []).append(QuotaUse(measure, float(amount), used))
    return found


def _volumes(
    session: Session,
    quotas: Mapping[int, Mapping[str, Decimal]],
    last_days: Mapping[int, date],
    length: int,
) -> dict[str, dict[int, dict[int, float]]]:
    """Measure → account → day."""
    wanted_of = {one for one, measures in quotas.items() if any(map(volume_series_of, measures))}
    if not wanted_of:
        return {}
    first = min(last_days[one] for one in wanted_of) - timedelta(days=length + MONTH_DAYS)
    rows = session.execute(
        select(VolumeSeries.key, VolumeDay.account_id, VolumeDay.day, VolumeDay.total)
        .join(VolumeSeries, VolumeSeries.id == VolumeDay.series_id)
        .where(VolumeDay.account_id.in_(sorted(wanted_of)), VolumeDay.day >= first)
    )
    found: dict[str, dict[int, dict[int, float]]] = {}
    for series, account, day, total in rows:
        days = found.setdefault(volume_metric(series), {}).setdefault(account, {})
        days[day.toordinal()] = float(total)
    return found


def _rolling(daily: Daily, last: int, length: int) -> Numbers:
    # A day before the first of the sums, for differences; what is before counts in none of them.
    run = range(last - length - MONTH_DAYS + 1, last + 1)
    sums = np.cumsum([daily.get(day, 0.0) for day in run])
    return np.asarray(sums[MONTH_DAYS:] - sums[:-MONTH_DAYS])
