"""How far and how deep core features were in use on given days: of many accounts, in five
statements however many accounts and days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.metrics import MONTH_DAYS, account_depth, feature_depth, share
from portal.models import Account, Feature
from portal.usage.bitmaps import union_of
from portal.usage.entitlements import entitled
from portal.usage.event_rules import list_names, read_resolver
from portal.usage.queries import read_name_days

Days = Mapping[int, Sequence[date]]


@dataclass(frozen=True, slots=True)
class CoreUse:
    """Core features of the contract over the 30 days that end on a day; `depth` is None where
    none has a weekly target.
    """

    entitled: int
    used: int
    depth: float | None

    @property
    def breadth(self) -> float | None:
        return share(self.used, self.entitled)


@dataclass(slots=True)
class _Course:
    """A feature's days with use, ascending, of one account."""

    ordinals: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    users: list[Any] = field(default_factory=list)

    def over(self, first: int, last: int) -> tuple[int, Any]:
        """Uses and different persons from `first` to `last`."""
        start, end = bisect_left(self.ordinals, first), bisect_right(self.ordinals, last)
        return sum(self.events[start:end]), union_of(self.users[start:end])


@dataclass(frozen=True, slots=True)
class _Core:
    feature: int
    target: float | None


def core_use(session: Session, days: Days) -> dict[tuple[int, date], CoreUse]:
    """`days`: account → the days asked for, ascending."""
    asked = {account: run for account, run in days.items() if run}
    if not asked:
        return {}
    contracts = _contracts(session, asked)
    courses = _courses(session, asked)
    return {
        (account, day): _use(contracts.get(account, []), courses, account, day)
        for account, run in asked.items()
        for day in run
    }


def _contracts(session: Session, accounts: Iterable[int]) -> dict[int, list[_Core]]:
    """Account → its core features, in the catalogue's order."""
    wanted = (
        entitled(Account.id, Feature.id, Feature.depth_target_per_week)
        .where(Account.id.in_(sorted(accounts)), Feature.core)
        .order_by(Feature.position, Feature.key)
    )
    found: dict[int, list[_Core]] = {}
    for account, feature, target in session.execute(wanted):
        core = _Core(feature, None if target is None else float(target))
        found.setdefault(account, []).append(core)
    return found


def _courses(session: Session, asked: Days) -> dict[tuple[int, int], _Course]:
    """(account, core feature) → its days with use."""
    core = set(session.scalars(select(Feature.id).where(Feature.core)))
    resolver = read_resolver(session)
    names = [name for name in list_names(session) if resolver.feature_of(name) in core]
    first = min(run[0] for run in asked.values()) - timedelta(days=MONTH_DAYS - 1)
    last = max(run[-1] for run in asked.values())
    rows = sorted(
        read_name_days(session, sorted(asked), first, last, names), key=lambda row: row.day
    )
    found: dict[tuple[int, int], _Course] = {}
    for row in rows:
        feature = resolver.feature_of(row.name)
        if feature is not None:
            course = found.setdefault((row.account, feature), _Course())
            course.ordinals.append(row.day.toordinal())
            course.events.append(row.events)
            course.users.append(row.users)
    return found


def _use(
    contract: Sequence[_Core], courses: Mapping[tuple[int, int], _Course], account: int, day: date
) -> CoreUse:
    last = day.toordinal()
    uses = list(_uses(contract, courses, account, last - MONTH_DAYS + 1, last))
    depths = (
        feature_depth(events, len(users), MONTH_DAYS, core.target)
        for core, (events, users) in zip(contract, uses, strict=True)
    )
    used = sum(1 for events, _ in uses if events)
    return CoreUse(len(contract), used, account_depth(depths))


def _uses(
    contract: Iterable[_Core],
    courses: Mapping[tuple[int, int], _Course],
    account: int,
    first: int,
    last: int,
) -> Iterator[tuple[int, Any]]:
    nothing = _Course()
    for core in contract:
        yield courses.get((account, core.feature), nothing).over(first, last)
