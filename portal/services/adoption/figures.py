"""The figures of one account on one day, the same for page, API, command and report."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.domain import metrics
from portal.services.adoption.features import FeatureUse, features_of
from portal.services.adoption.series import (
    DayFigures,
    days_with_month_before,
    known_calls,
    series_of,
)
from portal.services.adoption.sheet import Sheet, sheet_of
from portal.services.adoption.window import Window, find_window, stamp
from portal.usage.bitmaps import union_of
from portal.usage.queries import DayRow, Provisioned

WEEK, MONTH = metrics.DAYS_A_WEEK, metrics.MONTH_DAYS
# What a page compares with the period before.
COMPARED = (
    "activated",
    "activation_rate",
    "login_ratio_7d",
    "login_ratio_30d",
    "dau",
    "wau",
    "mau",
    "stickiness",
    "time_online_seconds",
    "duration_seconds",
    "depth",
    "integration_calls",
    "integrations",
    "events",
    "breadth_ratio",
)


@dataclass(frozen=True, slots=True)
class Breadth:
    """`ratio` is None where the account is entitled to no core feature, or has no data yet."""

    used: int
    entitled: int
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Adoption:
    """Ratios are None where there is not enough data. `coverage_days`: the window's days since
    the account's first event. `folded_to`: everything received up to then is in the figures.
    `version` changes whenever the account's figures may have (for ETags). `activation_named`: the
    vendor has named the events that activate a person. `told_days` of the window were told as
    daily sums: the time online is not known, nor are the calls where no event tells of one.
    """

    account: str
    name: str
    as_of: date
    window_days: int
    time_zone: str
    seats: int | None
    provisioned: int
    activated: int
    activation_rate: float | None
    login_ratio_7d: float | None
    login_ratio_30d: float | None
    dau: int
    wau: int
    mau: int
    stickiness: float | None
    time_online_seconds: int | None
    duration_seconds: float
    breadth: Breadth
    depth: float | None
    integration_calls: int | None
    integrations: int | None
    events: int
    last_event_at: datetime | None
    folded_to: datetime | None
    coverage_days: int
    told_days: int
    version: int
    activation_named: bool
    series: list[DayFigures]
    features: list[FeatureUse]

    @property
    def first(self) -> date:
        """The window's first day."""
        return self.as_of - timedelta(days=self.window_days - 1)

    @property
    def mau_provisioned(self) -> int:
        """Of `mau`, those who are set up; all where the account has no list of persons."""
        if self.login_ratio_30d is None:
            return self.mau
        return round(self.login_ratio_30d * self.provisioned)

    @property
    def breadth_ratio(self) -> float | None:
        return self.breadth.ratio

    def as_json(self) -> dict[str, Any]:
        """The object of ARCHITECTURE §5: its members are a promise."""
        return {
            "account": self.account,
            "as_of": self.as_of.isoformat(),
            "window_days": self.window_days,
            "time_zone": self.time_zone,
            "seats": self.seats,
            "provisioned": self.provisioned,
            "activated": self.activated,
            "activation_rate": self.activation_rate,
            "login_ratio_7d": self.login_ratio_7d,
            "login_ratio_30d": self.login_ratio_30d,
            "dau": self.dau,
            "wau": self.wau,
            "mau": self.mau,
            "stickiness": self.stickiness,
            "time_online_seconds": self.time_online_seconds,
            "breadth": asdict(self.breadth),
            "depth": self.depth,
            "integration_calls": self.integration_calls,
            "data": {
                "last_event_at": stamp(self.last_event_at),
                "folded_to": stamp(self.folded_to),
                "coverage_days": self.coverage_days,
            },
            "series": [_day_json(day) for day in self.series],
        }


def _day_json(day: DayFigures) -> dict[str, Any]:
    counts = {name: getattr(day, name) for name in ("dau", "wau", "mau", "events")}
    return {"day": day.day.isoformat(), **counts}


def show_adoption(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> Adoption:
    """The window ends on `as_of`, inclusive; without one on the last full local day. Raises
    NotFound and Invalid.
    """
    window = find_window(session, account_key, as_of, window_days)
    return adoption_of(sheet_of(session, window), window)


def adoption_of(sheet: Sheet, window: Window) -> Adoption:
    """The sheet reaches back to the month before the window."""
    days = days_with_month_before(sheet, window)
    inside = days[-window.days :]
    month = union_of([day.users for day in days[-MONTH:]])
    week = union_of([day.users for day in days[-WEEK:]])
    persons = sheet.provisioned(window)
    features = features_of(sheet, window)
    told = window.told_days > 0
    integrations = {name for day in inside for name in day.integrations}
    return Adoption(
        **_facts(window),
        provisioned=persons.count,
        activated=persons.activated,
        activation_named=persons.named,
        **_ratios(window, persons, week, month),
        dau=len(days[-1].users),
        wau=len(week),
        mau=len(month),
        stickiness=metrics.stickiness([len(day.users) for day in days[-MONTH:]], len(month)),
        time_online_seconds=_online(inside, told=told),
        duration_seconds=sum(day.duration_ms for day in inside) / 1000,
        breadth=_breadth(window, features),
        depth=_depth(window, features),
        integration_calls=known_calls(sum(day.calls for day in inside), told=told),
        integrations=known_calls(len(integrations), told=told),
        events=sum(day.events for day in inside),
        series=series_of(sheet, window),
        features=features,
    )


def _online(days: list[DayRow], *, told: bool) -> int | None:
    """Of all of the days: a part of them would be a figure too low."""
    return None if told else 60 * sum(day.online_minutes for day in days)


def _facts(window: Window) -> dict[str, Any]:
    account = window.account
    return {
        "account": account.key,
        "name": account.name,
        "as_of": window.last,
        "window_days": window.days,
        "time_zone": account.time_zone,
        "seats": account.seats,
        "last_event_at": account.last_at,
        "folded_to": account.folded_to,
        "coverage_days": window.coverage_days,
        "told_days": window.told_days,
        "version": account.version,
    }


def _ratios(window: Window, persons: Provisioned, week: Any, month: Any) -> dict[str, Any]:
    """Only provisioned persons count in a ratio to persons or seats."""
    names = ("activation_rate", "login_ratio_7d", "login_ratio_30d")
    if not window.has_data:
        return dict.fromkeys(names)
    rate = metrics.activation_rate(persons.activated, window.account.seats, persons.count)
    active = [len(users & persons.seen) for users in (week, month)]
    return dict(zip(names, (rate, *(metrics.share(n, persons.count) for n in active)), strict=True))


def _breadth(window: Window, features: list[FeatureUse]) -> Breadth:
    core = [feature for feature in features if feature.core]
    used = sum(1 for feature in core if feature.uses)
    ratio = metrics.share(used, len(core)) if window.has_data else None
    return Breadth(used, len(core), ratio)


def _depth(window: Window, features: list[FeatureUse]) -> float | None:
    if not window.has_data:
        return None
    return metrics.account_depth(feature.depth for feature in features if feature.core)


def adoption_before(session: Session, now: Adoption) -> Adoption:
    """The same figures for the window that ends on the day before this one begins."""
    day = now.first - timedelta(days=1)
    return show_adoption(session, now.account, day, now.window_days)


def compare(now: Adoption, before: Adoption) -> dict[str, metrics.Change]:
    """Each of COMPARED against the period before; of one without any data everything is None."""
    known = before.coverage_days > 0
    return {
        name: metrics.Change(getattr(now, name), getattr(before, name) if known else None)
        for name in COMPARED
    }
