"""What series of business volume are called, for whoever shows a measure of one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.account_metrics import volume_metric, volume_series_of
from portal.domain.early_warning import Evidence
from portal.domain.volumes import series_name
from portal.models import Account, VolumeSeries
from portal.tenancy import scope_of

Names = dict[tuple[str, str], str]
"""(Key of the account, measure) → name."""


def measure_names(session: Session, wanted: Iterable[tuple[str, str]]) -> Names:
    """In the reader's language, of those that are a series; one statement at most."""
    asked = [(account, volume_series_of(measure)) for account, measure in wanted]
    series = {one for _account, one in asked if one is not None}
    if not series:
        return {}
    locale = scope_of(session).locale
    rows = session.execute(
        select(Account.key, VolumeSeries.key, VolumeSeries.name_en, VolumeSeries.name_zh)
        .join(Account, Account.id == VolumeSeries.account_id)
        .where(Account.key.in_({account for account, _one in asked}), VolumeSeries.key.in_(series))
    )
    return {
        (account, volume_metric(one)): series_name(locale, one, english, chinese)
        for account, one, english, chinese in rows
    }


def measure_names_anywhere(session: Session) -> dict[str, str]:
    """Of all series in reach, by measure; where accounts call one differently, one of its names."""
    locale = scope_of(session).locale
    rows = session.execute(
        select(
            VolumeSeries.key, func.max(VolumeSeries.name_en), func.max(VolumeSeries.name_zh)
        ).group_by(VolumeSeries.key)
    )
    return {
        volume_metric(one): series_name(locale, one, english, chinese)
        for one, english, chinese in rows
    }


def named(session: Session, found: Sequence[tuple[str, Evidence]]) -> list[Evidence]:
    """Evidence of accounts (by key) with the name of what it measures."""
    names = measure_names(session, ((account, one.measure) for account, one in found))
    return [replace(one, name=names.get((account, one.measure), "")) for account, one in found]
