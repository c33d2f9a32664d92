"""What was pushed, item by item."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.volumes import series_name
from portal.models import Account, VolumeItem, VolumeSeries

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class SeriesHead:
    key: str
    name_en: str
    name_zh: str
    unit: str

    def name(self, locale: str) -> str:
        return series_name(locale, self.key, self.name_en, self.name_zh)


@dataclass(frozen=True, slots=True)
class ItemRow:
    id: str
    series: str
    day: date
    value: Decimal
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The latest days first. `following` is what to ask for next, None on the last page."""

    items: list[ItemRow]
    following: str | None


def list_series(session: Session, account_key: str) -> list[SeriesHead]:
    wanted = (
        select(VolumeSeries.key, VolumeSeries.name_en, VolumeSeries.name_zh, VolumeSeries.unit)
        .join(Account, Account.id == VolumeSeries.account_id)
        .where(Account.key == account_key)
        .order_by(VolumeSeries.key)
    )
    return [SeriesHead(*row) for row in session.execute(wanted)]


def list_items(
    session: Session,
    account_key: str,
    *,
    series: str | None = None,
    first: date | None = None,
    last: date | None = None,
    after: str | None = None,
    size: int = PAGE_SIZE,
) -> ItemPage:
    """One keyset page. `after` is the `following` of the page before; raises Invalid (after)."""
    account_id = session.scalar(select(Account.id).where(Account.key == account_key))
    if account_id is None:
        raise NotFound(f"There is no account {account_key[:120]}.")
    wanted = _wanted(series, first, last, after)
    rows = session.execute(
        select(
            VolumeItem.item_id,
            VolumeSeries.key,
            VolumeItem.day,
            VolumeItem.value,
            VolumeItem.received_at,
        )
        .join(VolumeSeries, VolumeSeries.id == VolumeItem.series_id)
        .where(VolumeItem.account_id == account_id, *wanted)
        .order_by(VolumeItem.day.desc(), VolumeItem.item_id)
        .limit(size + 1)
    ).all()
    items = [ItemRow(*row) for row in rows[:size]]
    more = len(rows) > size
    return ItemPage(items, f"{items[-1].day}~{items[-1].id}" if more else None)


def _wanted(
    series: str | None, first: date | None, last: date | None, after: str | None
) -> Iterator[ColumnElement[bool]]:
    if series is not None:
        yield VolumeSeries.key == series
    if first is not None:
        yield VolumeItem.day >= first
    if last is not None:
        yield VolumeItem.day <= last
    if after is not None:
        day, item = _read_mark(after)
        later = and_(VolumeItem.day == day, VolumeItem.item_id > item)
        yield or_(VolumeItem.day < day, later)


def _read_mark(mark: str) -> tuple[date, str]:
    day, _, item = mark.partition("~")
    try:
        return date.fromisoformat(day), item
    except ValueError:
        said = "This is no page of this list: send `next` of the page before."
        raise Invalid(said, fields={"after": said}) from None
