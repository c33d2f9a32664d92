"""The series of an account over a run of days."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal.domain.volumes import change, series_name, window_before
from portal.models import Account, VolumeDay, VolumeSeries
from portal.services.adoption.window import find_run

NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Series:
    """`days` is every day of the window, 0 where nothing was pushed. `total_before` is that of the
    equally long window before, None where nothing at all had been pushed until its end. `since`
    and `latest` are the first and the last day that anything was ever pushed for, `told_days` how
    many of the window.
    """

    key: str
    name_en: str
    name_zh: str
    unit: str
    days: list[tuple[date, Decimal]]
    total: Decimal
    total_before: Decimal | None
    since: date
    latest: date
    told_days: int

    @property
    def coverage_days(self) -> int:
        """The window's days since the series' first; 0 where it came later."""
        first, last = self.days[0][0], self.days[-1][0]
        return max((last - max(self.since, first)).days + 1, 0)

    def name(self, locale: str) -> str:
        return series_name(locale, self.key, self.name_en, self.name_zh)

    @property
    def change(self) -> float | None:
        return None if self.total_before is None else change(self.total, self.total_before)


def volume_series(session: Session, account_key: str, first: date, last: date) -> list[Series]:
    """The account's series over the days from `first` to `last`, both included, by key."""
    window = find_run(session, account_key, first, last)
    return series_of_account(session, window.account.id, first, last)


def series_of_account(session: Session, account: int, first: date, last: date) -> list[Series]:
    """The same for who knows the account and a run that can be."""
    begin = window_before(first, last)
    since = func.min(VolumeDay.day).label("since")
    latest = func.max(VolumeDay.day).label("latest")
    starts = (
        select(VolumeDay.series_id, since, latest)
        .where(VolumeDay.account_id == account)
        .group_by(VolumeDay.series_id)
        .subquery()
    )
    wanted = (
        select(VolumeSeries, starts.c.since, starts.c.latest, VolumeDay.day, VolumeDay.total)
        .join(starts, starts.c.series_id == VolumeSeries.id)
        .outerjoin(
            VolumeDay,
            and_(VolumeDay.series_id == VolumeSeries.id, VolumeDay.day.between(begin, last)),
        )
        .where(VolumeSeries.account_id == account)
        .order_by(VolumeSeries.key, VolumeDay.day)
    )
    sums: dict[str, dict[date, Decimal]] = {}
    heads: dict[str, tuple[VolumeSeries, tuple[date, date]]] = {}
    for series, start, end, day, total in session.execute(wanted):
        heads[series.key] = (series, (start, end))
        if day is not None:
            sums.setdefault(series.key, {})[day] = total
    return [_series(*heads[key], sums.get(key, {}), first, last) for key in heads]


def _series(
    head: VolumeSeries,
    ends: tuple[date, date],
    sums: dict[date, Decimal],
    first: date,
    last: date,
) -> Series:
    run = [first + timedelta(days=index) for index in range((last - first).days + 1)]
    before = sum((total for day, total in sums.items() if day < first), NOUGHT)
    return Series(
        key=head.key,
        name_en=head.name_en,
        name_zh=head.name_zh,
        unit=head.unit,
        days=[(day, sums.get(day, NOUGHT)) for day in run],
        total=sum((sums.get(day, NOUGHT) for day in run), NOUGHT),
        total_before=before if ends[0] < first else None,
        since=ends[0],
        latest=ends[1],
        told_days=sum(1 for day in run if day in sums),
    )


def volume_revision(session: Session, account_key: str) -> tuple[int, int]:
    """Changes whenever any of the account's series does."""
    row = session.execute(
        select(func.count(VolumeSeries.id), func.coalesce(func.sum(VolumeSeries.revision), 0))
        .join(Account, Account.id == VolumeSeries.account_id)
        .where(Account.key == account_key)
    ).one()
    return int(row[0]), int(row[1])
