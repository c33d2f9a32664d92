"""The figures of an account's teams: its persons' share of the rollups, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.domain import metrics
from portal.domain.cohorts import LEAST_GROUP
from portal.domain.errors import NotFound
from portal.domain.feature_names import feature_name
from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS
from portal.domain.teams import TeamGroup, team_groups
from portal.services.adoption.basis import Basis, basis_of
from portal.services.adoption.person_counts import has_minutes, minutes_online
from portal.services.adoption.series import Week
from portal.services.adoption.sheet import MONTH_BEFORE, ListedPerson, Sheet
from portal.services.adoption.window import Window, find_window
from portal.usage.bitmaps import rolling_counts, union_of
from portal.usage.days import Numbers
from portal.usage.person_uses import PersonUses, read_person_uses
from portal.usage.queries import FeatureRow

TREND_WEEKS = 12


@dataclass(frozen=True, slots=True)
class TeamFeature:
    """How many of the team used an entitled feature in the window, and on how many days each of
    them added up; that is None where it was not asked for. `uses` are the team's own, None where
    days of the window were counted by an older release, which did not keep whose they were;
    `depth` follows from them, None without a weekly target too.
    """

    key: str
    name_en: str
    name_zh: str
    core: bool
    persons: int
    weekly_target: float | None = None
    uses: int | None = None
    depth: float | None = None
    person_days: int | None = None

    def name(self, locale: str) -> str:
        return feature_name(locale, self.name_en, self.name_zh)


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """The persons provisioned in the team on the last day. Formulas as for the account, with
    the team's persons in the place of all; `activation_rate` is against persons, as seats have no
    team. `wau` and `mau` hold one entry a day of the window, the last of them now. The time online
    is that of the days that were not told as sums, None where all use was.
    """

    group: TeamGroup
    persons: int
    activated: int
    active: int
    dau: int
    wau: list[int]
    mau: list[int]
    wau_before: int
    stickiness: float | None
    login_ratio_7d: float | None
    login_ratio_30d: float | None
    activation_rate: float | None
    time_online_seconds: int | None
    features: list[TeamFeature]
    weeks: list[Week]
    data: bool = True

    @property
    def features_used(self) -> int:
        return sum(1 for one in self.features if one.persons)

    @property
    def core(self) -> list[TeamFeature]:
        return [one for one in self.features if one.core]

    @property
    def depth(self) -> float | None:
        """The mean over the core features that have a target; None where one is not known."""
        if not self.data or any(one.uses is None for one in self._aimed):
            return None
        return metrics.account_depth(one.depth for one in self._aimed)

    @property
    def _aimed(self) -> list[TeamFeature]:
        return [one for one in self.core if one.weekly_target is not None]

    @property
    def core_used(self) -> int:
        return sum(1 for one in self.core if one.persons)


@dataclass(frozen=True, slots=True)
class Teams:
    """`too_few`: the account shows groups only and has fewer than five persons."""

    basis: Basis
    named: bool
    too_few: bool
    teams: list[TeamFigures]


@dataclass(frozen=True, slots=True)
class _Reading:
    """All that the figures of any group are taken from. `users`: one bitmap a day up to the
    window's last; `listed`: who is provisioned on that day; `days`: the features of each day, for
    one team alone.
    """

    window: Window
    sheet: Sheet
    listed: list[ListedPerson]
    users: list[Any]
    online: Numbers
    days: list[list[FeatureRow]]
    uses: dict[int, PersonUses]

    @property
    def named(self) -> bool:
        return self.window.account.people_shown == "named"


def show_teams(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> Teams:
    """Every team, or with those below five put together. Raises NotFound, Invalid."""
    reading = _read(session, account_key, as_of, window_days)
    groups = _groups(reading)
    return Teams(
        basis_of(reading.window),
        reading.named,
        not groups and bool(reading.listed),
        [_figures(reading, group) for group in groups],
    )


def show_team(
    session: Session,
    account_key: str,
    name: str,
    as_of: date | None = None,
    window_days: int = 30,
    *,
    rest: bool = False,
) -> Teams:
    """One team by its name, or the `rest`. NotFound also for one that is too small to be shown."""
    reading = _read(session, account_key, as_of, window_days, by_day=True)
    wanted = [
        group
        for group in _groups(reading)
        if (group.name, group.rest) == ("" if rest else name, rest)
    ]
    if not wanted:
        raise NotFound
    figures = [_figures(reading, wanted[0])]
    return Teams(basis_of(reading.window), reading.named, too_few=False, teams=figures)


def _read(
    session: Session, key: str, as_of: date | None, window_days: int, *, by_day: bool = False
) -> _Reading:
    window = find_window(session, key, as_of, window_days)
    weeks = window.last - timedelta(days=TREND_WEEKS * DAYS_A_WEEK - 1)
    sheet = Sheet(
        session,
        window,
        first=min(weeks, window.first - MONTH_BEFORE),
        names_from=window.first,
        slots_from=window.first,
    )
    return _Reading(
        window,
        sheet,
        [one for one in sheet.listed if one.provisioned_on(window.last)],
        [day.users for day in sheet.days(sheet.first, window.last)],
        minutes_online(sheet, window),
        sheet.features_by_day(window.first, window.last) if by_day else [],
        read_person_uses(session, window.account.id, window.first, window.last),
    )


def _groups(reading: _Reading) -> list[TeamGroup]:
    sizes: dict[str, int] = {}
    for person in reading.listed:
        sizes[person.team] = sizes.get(person.team, 0) + 1
    return team_groups(sizes, 1 if reading.named else LEAST_GROUP)


def _figures(reading: _Reading, group: TeamGroup) -> TeamFigures:
    window = reading.window
    listed = [one for one in reading.listed if one.team in group.teams]
    provisioned = reading.sheet.provisioned_among(listed, window)
    numbers, count = provisioned.seen, provisioned.count
    daily = [users & numbers for users in reading.users]
    wau, mau = (rolling_counts(daily, width) for width in (DAYS_A_WEEK, MONTH_DAYS))
    month = [len(users) for users in daily[-MONTH_DAYS:]]
    known = window.has_data
    return TeamFigures(
        group=group,
        persons=count,
        activated=provisioned.activated,
        active=len(union_of(daily[-window.days :])),
        dau=month[-1],
        wau=wau[-window.days :],
        mau=mau[-window.days :],
        wau_before=wau[-1 - DAYS_A_WEEK],
        stickiness=metrics.stickiness(month, mau[-1]),
        login_ratio_7d=metrics.share(wau[-1], count) if known else None,
        login_ratio_30d=metrics.share(mau[-1], count) if known else None,
        activation_rate=metrics.share(provisioned.activated, count) if known else None,
        time_online_seconds=_online(reading, numbers),
        features=_features(reading, numbers),
        weeks=_weeks(reading, listed, daily),
        data=known,
    )


def _online(reading: _Reading, numbers: Any) -> int | None:
    if not has_minutes(reading.sheet, reading.window):
        return None
    return 60 * int(reading.online[numbers.to_array()].sum())


def _features(reading: _Reading, numbers: Any) -> list[TeamFeature]:
    days: dict[str, int] = {}
    for row in (row for day in reading.days for row in day):
        days[row.key] = days.get(row.key, 0) + row.users.intersection_cardinality(numbers)
    window = reading.window
    return [
        _feature(row, reading.uses.get(row.id), numbers, window, days.get(row.key))
        for row in reading.sheet.features(window.first, window.last)
    ]


def _feature(
    row: FeatureRow, found: PersonUses | None, numbers: Any, window: Window, days: int | None
) -> TeamFeature:
    persons = row.users.intersection_cardinality(numbers)
    uses = 0 if found is None else found.of(numbers)
    return TeamFeature(
        row.key,
        row.name_en,
        row.name_zh,
        row.core,
        persons,
        weekly_target=row.weekly_target,
        uses=uses,
        depth=None
        if uses is None
        else metrics.feature_depth(uses, persons, window.days, row.weekly_target),
        person_days=days,
    )


def _weeks(reading: _Reading, listed: Sequence[ListedPerson], daily: Sequence[Any]) -> list[Week]:
    """The last weeks of seven days: active persons of today's team, beside who was set up then."""
    made = []
    for back in reversed(range(TREND_WEEKS)):
        last = reading.window.last - timedelta(days=back * DAYS_A_WEEK)
        end = len(daily) - back * DAYS_A_WEEK
        made.append(
            Week(
                first=last - timedelta(days=DAYS_A_WEEK - 1),
                last=last,
                active=len(union_of(daily[end - DAYS_A_WEEK : end])),
                provisioned=sum(1 for one in listed if one.provisioned_on(last)),
            )
        )
    return made
