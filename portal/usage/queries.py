"""Rollups as pages ask for them: one account, a run of days. A session of any scope that reaches
the account will do. Core tuples, one statement a question.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pyroaring import BitMap
from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from portal.models import (
    Account,
    CatalogueState,
    Feature,
    Person,
    UsageAccount,
    UsageFold,
    UsagePerson,
)
from portal.usage.bitmaps import union_of
from portal.usage.daily import (
    ONE_DAY,
    AccountDayRow,
    DayRow,
    NameDayRow,
    read_account_days,
    read_days,
    read_name_days,
    read_name_totals,
    read_slots,
)
from portal.usage.entitlements import entitled
from portal.usage.event_rules import Used

__all__ = [
    "ONE_DAY",
    "AccountDayRow",
    "DayRow",
    "NameDayRow",
    "read_account_days",
    "read_days",
    "read_name_days",
    "read_name_totals",
    "read_slots",
]
# No event is older (moments.EARLIEST), whatever the zone.
EARLIEST = date(1999, 12, 30)
# Written out: each bound value costs every request that begins with these.
ZERO, ONE = (literal_column(one, Integer) for one in "01")


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
    people_version: int
    ended_version: int
    # Days that were told as sums: nobody knows their minutes.
    told_bitmap: bytes | None = None

    @property
    def told(self) -> frozenset[date]:
        return told_days(self.told_bitmap)


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature that the account is entitled to, with what the window knows of it."""

    id: int
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


def told_days(bitmap: bytes | None) -> frozenset[date]:
    """What `usage_account.told` says."""
    if bitmap is None:
        return frozenset()
    return frozenset(date.fromordinal(one) for one in BitMap.deserialize(bitmap))


def catalogue_version() -> ScalarSelect[int]:
    """Rises with every change of the catalogue that figures may follow from."""
    return select(CatalogueState.version).where(CatalogueState.id == ONE).scalar_subquery()


ACCOUNT_COLUMNS = (
    Account.id,
    Account.key,
    Account.name,
    Account.time_zone,
    Account.seats,
    Account.people_shown,
    UsageAccount.first_at,
    UsageAccount.last_at,
    func.coalesce(UsageAccount.persons, ZERO),
    func.coalesce(UsageAccount.version, ZERO) + func.coalesce(catalogue_version(), ZERO),
    select(UsageFold.folded_to).where(UsageFold.id == ONE).scalar_subquery(),
    Account.people_version,
    func.coalesce(UsageAccount.ended_version, ZERO),
    UsageAccount.told,
)


def join_usage(wanted: Any) -> Any:
    """Accounts with what is known of their usage, those without any too."""
    return wanted.outerjoin_from(Account, UsageAccount, UsageAccount.account_id == Account.id)


_ACCOUNT = join_usage(select(*ACCOUNT_COLUMNS)).where(Account.key == bindparam("account_key"))


def find_account(session: Session, key: str) -> AccountRow | None:
    row = session.execute(_ACCOUNT, {"account_key": key}).one_or_none()
    return None if row is None else AccountRow(*row)


@dataclass(frozen=True, slots=True)
class Entitled:
    """A feature of the catalogue that an account is entitled to."""

    id: int
    key: str
    name_en: str
    name_zh: str
    module: str
    core: bool
    kind: str
    activation: bool
    weekly_target: Decimal | None


_ENTITLED = (
    entitled(
        Feature.id,
        Feature.key,
        Feature.name_en,
        Feature.name_zh,
        Feature.module,
        Feature.core,
        Feature.kind,
        Feature.activation,
        Feature.depth_target_per_week,
    )
    .where(Account.id == bindparam("account"))
    .order_by(Feature.position, Feature.key)
)


def read_entitled(session: Session, account: int) -> list[Entitled]:
    """In the catalogue's order."""
    return [Entitled(*row) for row in session.execute(_ENTITLED, {"account": account})]


def feature_rows(features: Iterable[Entitled], used: Mapping[int, Used]) -> list[FeatureRow]:
    """`used`: feature id → events and persons."""
    nothing: Used = (0, BitMap())
    return [
        FeatureRow(
            one.id,
            one.key,
            one.name_en,
            one.name_zh,
            one.module,
            one.core,
            one.kind,
            None if one.weekly_target is None else float(one.weekly_target),
            one.activation,
            *used.get(one.id, nothing),
        )
        for one in features
    ]


def read_names(
    session: Session, account: int, first: date, last: date, only: Collection[str] | None = None
) -> dict[str, Used]:
    """Counted name → events and persons in the window."""
    return sum_names(read_name_days(session, [account], first, last, only))


def sum_names(days: Iterable[NameDayRow]) -> dict[str, Used]:
    """Counted name → events and persons."""
    return sum_used({one.name: (one.events, one.users)} for one in days)


def sum_used(days: Iterable[Mapping[str, Used]]) -> dict[str, Used]:
    counts: dict[str, int] = {}
    users: dict[str, list[Any]] = {}
    for day in days:
        for name, (events, persons) in day.items():
            counts[name] = counts.get(name, 0) + events
            users.setdefault(name, []).append(persons)
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


def provisioned_of(
    listed: Collection[str], seen: Mapping[str, SeenPerson], until: datetime, used: Any
) -> Provisioned:
    """`listed`: who is provisioned; `used`: who had one of the activation events by then, None
    where the vendor names none.
    """
    met = [seen[external_id] for external_id in listed if external_id in seen]
    known = BitMap([person.number for person in met])
    if used is None:
        activated = sum(1 for person in met if person.first_at < until)
    else:
        activated = len(known & used)
    return Provisioned(len(listed), known, activated, used is not None)
