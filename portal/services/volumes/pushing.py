"""Items in: checked against what is stored, kept, and summed per day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.domain.volumes import MOST_A_DAY, MOST_SERIES, Pushed
from portal.models import Account, VolumeDay, VolumeItem, VolumeSeries
from portal.services.accounts import hold_account
from portal.services.adoption.window import last_full_day
from portal.tenancy import scope_of
from portal.usage.store import chunks

NOUGHT = Decimal(0)
SAID_OTHERWISE = (
    "was pushed before with another series, day or value; "
    "push a correction as an item of its own, below zero if need be"
)
DEFAULTS = {"name_en": "", "name_zh": "", "unit": ""}


@dataclass(frozen=True, slots=True)
class PushReceipt:
    """`duplicates` had been pushed before, or stood twice in the same push."""

    accepted: int
    duplicates: int


class PushRefused(Invalid):
    """`places` maps a position in what was pushed to (member, sentence); nothing was kept."""

    code = "volume-refused"

    def __init__(self, places: dict[int, tuple[str, str]]) -> None:
        self.places = places
        fields = {f"items[{at}].{member}": said for at, (member, said) in sorted(places.items())}
        first = next(iter(fields))
        super().__init__(f"{first}: {fields[first]}", fields=fields)


@dataclass(slots=True)
class _Push:
    """One push under way. `ended`: the last day over there that is over. `days` collects what each
    series gains on each day.
    """

    account_id: int
    ended: date
    series: dict[str, VolumeSeries]
    days: dict[tuple[int, date], Decimal] = field(default_factory=dict)
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)
    new: list[Pushed] = field(default_factory=list)


def push_volumes(session: Session, account_key: str, items: Sequence[Pushed]) -> PushReceipt:
    """All or nothing: raises PushRefused. Commits."""
    receipt = add_volumes(session, account_key, items)
    session.commit()
    return receipt


def add_volumes(session: Session, account_key: str, items: Sequence[Pushed]) -> PushReceipt:
    """As `push_volumes`, in the caller's transaction."""
    account_id = hold_account(session, account_key)
    known = session.scalars(select(VolumeSeries).where(VolumeSeries.account_id == account_id))
    zone = session.scalars(select(Account.time_zone).where(Account.id == account_id)).one()
    ended = last_full_day(zone, scope_of(session).now)
    push = _Push(account_id, ended, {one.key: one for one in known})
    _sort_out(session, push, items)
    _make_series(session, push)
    if push.refused:
        raise PushRefused(push.refused)
    _add_items(session, push)
    _add_days(session, push)
    return PushReceipt(len(push.new), len(items) - len(push.new))


def _sort_out(session: Session, push: _Push, items: Sequence[Pushed]) -> None:
    """What is new; an id of before must say the same again."""
    before = _known_items(session, push.account_id, {one.id for one in items})
    for place, item in enumerate(items):
        said = (item.series, item.day, item.value)
        if item.id not in before:
            before[item.id] = said
            push.new.append(item)
        elif before[item.id] != said:
            push.refused[place] = ("id", SAID_OTHERWISE)


def _known_items(
    session: Session, account_id: int, ids: Iterable[str]
) -> dict[str, tuple[str, date, Decimal]]:
    found = {}
    for some in chunks(ids):
        wanted = (
            select(VolumeItem.item_id, VolumeSeries.key, VolumeItem.day, VolumeItem.value)
            .join(VolumeSeries, VolumeSeries.id == VolumeItem.series_id)
            .where(VolumeItem.account_id == account_id, VolumeItem.item_id.in_(some))
        )
        found.update({row[0]: (row[1], row[2], row[3]) for row in session.execute(wanted)})
    return found


def _make_series(session: Session, push: _Push) -> None:
    """Names and unit are those that were said last."""
    for item in push.new:
        series = push.series.get(item.series)
        if series is None:
            series = VolumeSeries(
                account_id=push.account_id,
                key=item.series,
                revision=0,
                ended_revision=0,
                **DEFAULTS,
            )
            push.series[item.series] = series
            session.add(series)
        for name in DEFAULTS:
            said = getattr(item, name)
            if said is not None:
                setattr(series, name, said)
    if len(push.series) > MOST_SERIES:
        raise Invalid(f"An account has at most {MOST_SERIES} series.", code="too-many-series")
    session.flush()


def _add_items(session: Session, push: _Push) -> None:
    now = scope_of(session).now
    for item in push.new:
        series = push.series[item.series]
        place = (series.id, item.day)
        push.days[place] = push.days.get(place, NOUGHT) + item.value
        session.add(
            VolumeItem(
                account_id=push.account_id,
                series_id=series.id,
                item_id=item.id,
                day=item.day,
                value=item.value,
                received_at=now,
            )
        )
    for key in {item.series for item in push.new}:
        push.series[key].revision += 1
    for key in {item.series for item in push.new if item.day <= push.ended}:
        push.series[key].ended_revision += 1


def _add_days(session: Session, push: _Push) -> None:
    first = min((day for _, day in push.days), default=date.min)
    last = max((day for _, day in push.days), default=date.min)
    stored = session.scalars(
        select(VolumeDay).where(
            VolumeDay.account_id == push.account_id, VolumeDay.day.between(first, last)
        )
    )
    known = {(row.series_id, row.day): row for row in stored}
    for (series_id, day), gained in push.days.items():
        row = known.get((series_id, day))
        if row is None:
            row = VolumeDay(account_id=push.account_id, series_id=series_id, day=day, total=NOUGHT)
            session.add(row)
        row.total += gained
        if abs(row.total) > MOST_A_DAY:
            raise Invalid(f"The sum of {day} would be beyond {MOST_A_DAY}.", code="too-large-sum")
