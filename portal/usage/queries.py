"""Rollups as pages ask for them: one account, a run of days. A session of any scope that reaches
the account will do. Core tuples, one statement a question.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pyroaring import BitMap
from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from portal.models import (
    Account,
    CatalogueState,
    Feature,
    Person,
    UsageAccount,
    UsageDay,
    UsageFold,
    UsageName,
    UsageNameDay,
    UsagePerson,
)
from portal.usage.bitmaps import rolling_counts, union_of
from portal.usage.entitlements import entitled
from portal.usage.event_rules import by_feature, read_activation, read_resolver

ONE_DAY = timedelta(days=1)
# No event is older (moments.EARLIEST), whatever the zone.
EARLIEST = date(1999, 12, 30)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What every question about an account begins with. No `first_at`: no event yet. `version`
    rises with its usage and with the catalogue.
    """

    id: int
    key: str
    name: str
    time_zone: str
    seats: int | None
    people_shown: str
    first_at: datetime | None
    last_at: datetime | None
    persons: int
    version: int
    folded_to: datetime | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day without any event has zeros and an empty bitmap."""

    day: date
    events: int
    calls: int
    online_minutes: int
    duration_ms: int
    users: Any
    integrations: dict[str, int]


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature that the account is entitled to, with what the window knows of it."""

    key: str
    name_en: str
    name_zh: str
    module: str
    core: bool
    kind: str
    weekly_target: float | None
    activation: bool
    uses: int
    users: Any


def find_account(session: Session, key: str) -> AccountRow | None:
    wanted = (
        select(
            Account.id,
            Account.key,
            Account.name,
            Account.time_zone,
            Account.seats,
            Account.people_shown,
            UsageAccount.first_at,
            UsageAccount.last_at,
            func.coalesce(UsageAccount.persons, 0),
            func.coalesce(UsageAccount.version, 0) + func.coalesce(_catalogue_version(), 0),
            select(UsageFold.folded_to).where(UsageFold.id == 1).scalar_subquery(),
        )
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .where(Account.key == key)
    )
    row = session.execute(wanted).one_or_none()
    return None if row is None else AccountRow(*row)


def _catalogue_version() -> ScalarSelect[int]:
    return select(CatalogueState.version).where(CatalogueState.id == 1).scalar_subquery()


def read_days(session: Session, account: int, first: date, last: date) -> list[DayRow]:
    """Every day from `first` to `last`, both included."""
    wanted = select(
        UsageDay.day,
        UsageDay.events,
        UsageDay.calls,
        UsageDay.online_minutes,
        UsageDay.duration_ms,
        UsageDay.users,
        UsageDay.integrations,
    ).where(UsageDay.account_id == account, UsageDay.day.between(first, last))
    found = {
        day: DayRow(day, events, calls, online, duration, BitMap.deserialize(users), integrations)
        for day, events, calls, online, duration, users, integrations in session.execute(wanted)
    }
    return [
        found.get(day) or DayRow(day, 0, 0, 0, 0, BitMap(), {})
        for day in (first + ONE_DAY * index for index in range((last - first).days + 1))
    ]


def read_slots(session: Session, account: int, first: date, last: date) -> dict[date, Any]:
    """Person × minute bitmaps of the days that have any."""
    wanted = select(UsageDay.day, UsageDay.slots).where(
        UsageDay.account_id == account, UsageDay.day.between(first, last)
    )
    return {row.day: BitMap.deserialize(row.slots) for row in session.execute(wanted)}


def read_features(session: Session, account: int, first: date, last: date) -> list[FeatureRow]:
    """The features that the account is entitled to, in the catalogue's order."""
    wanted = (
        entitled(
            Feature.id,
            Feature.key,
            Feature.name_en,
            Feature.name_zh,
            Feature.module,
            Feature.core,
            Feature.kind,
            Feature.depth_target_per_week,
            Feature.activation,
        )
        .where(Account.id == account)
        .order_by(Feature.position, Feature.key)
    )
    used = by_feature(read_resolver(session), read_names(session, account, first, last))
    nothing: tuple[int, Any] = (0, BitMap())
    return [
        FeatureRow(
            row.key,
            row.name_en,
            row.name_zh,
            row.module,
            row.core,
            row.kind,
            None if row.depth_target_per_week is None else float(row.depth_target_per_week),
            row.activation,
            *used.get(row.id, nothing),
        )
        for row in session.execute(wanted)
    ]


@dataclass(frozen=True, slots=True)
class NameDayRow:
    """One account's day of one counted name (domain/event_rules.py)."""

    account: int
    day: date
    name: str
    events: int
    bitmap: bytes

    @property
    def users(self) -> Any:
        return BitMap.deserialize(self.bitmap)


def read_name_days(
    session: Session,
    accounts: Collection[int],
    first: date,
    last: date,
    only: Collection[str] | None = None,
) -> Iterator[NameDayRow]:
    """Of these accounts in the window, in no order; `only` of these counted names."""
    wanted = (
        select(
            UsageNameDay.account_id,
            UsageNameDay.day,
            UsageName.name,
            UsageNameDay.events,
            UsageNameDay.users,
        )
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .where(UsageNameDay.account_id.in_(accounts), UsageNameDay.day.between(first, last))
    )
    if only is not None:
        wanted = wanted.where(UsageName.name.in_(only))
    for row in session.execute(wanted):
        yield NameDayRow(*row)


def read_names(
    session: Session, account: int, first: date, last: date, only: Collection[str] | None = None
) -> dict[str, tuple[int, Any]]:
    """Counted name → events and persons in the window."""
    counts: dict[str, int] = {}
    users: dict[str, list[Any]] = {}
    for row in read_name_days(session, [account], first, last, only):
        counts[row.name] = counts.get(row.name, 0) + row.events
        users.setdefault(row.name, []).append(row.users)
    return {name: (counts[name], union_of(users[name])) for name in counts}


def provisioned_on(day: date) -> ColumnElement[bool]:
    """Persons provisioned on a day of the account's zone."""
    until = Person.active_until
    return (Person.active_from <= day) & or_(until.is_(None), until > day)


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """A user id in an account's events."""

    external_id: str
    number: int
    first_at: datetime
    last_day: date


def read_seen(session: Session, account: int) -> dict[str, SeenPerson]:
    """By user id. Joined with the list of persons here and not by the database: a planner that
    has no statistics yet (a fresh import) compares each person with each.
    """
    wanted = select(
        UsagePerson.external_id, UsagePerson.number, UsagePerson.first_at, UsagePerson.last_day
    ).where(UsagePerson.account_id == account)
    return {row.external_id: SeenPerson(*row) for row in session.execute(wanted)}


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Persons provisioned on one day: how many, the numbers of those ever seen, and how many had
    an activation event by then: any event, unless the vendor names some (`named`).
    """

    count: int
    seen: Any
    activated: int
    named: bool


def read_provisioned(session: Session, account: int, day: date, until: datetime) -> Provisioned:
    """`until`: the end of the day, exclusive."""
    wanted = select(Person.external_id).where(Person.account_id == account, provisioned_on(day))
    listed = session.scalars(wanted).all()
    seen = read_seen(session, account)
    met = [seen[external_id] for external_id in listed if external_id in seen]
    known = BitMap([person.number for person in met])
    named = read_activation(session)
    if named is None:
        activated = sum(1 for person in met if person.first_at < until)
    else:
        used = read_names(session, account, EARLIEST, day, named)
        activated = len(known & union_of([users for _events, users in used.values()]))
    return Provisioned(len(listed), known, activated, named is not None)


def rolling(days: Sequence[DayRow], width: int) -> list[int]:
    """Distinct persons in the `width` days up to each day; the first `width` − 1 give none."""
    return rolling_counts([day.users for day in days], width)
