"""What is known of an account on a day, for its score. A session over all accounts; a handful of
statements however many accounts and days.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.early_warning import Course, Numbers
from portal.domain.health import Signals
from portal.domain.metrics import share
from portal.models import Account
from portal.services.health.community import taking_part
from portal.services.health.features import CoreUse, core_use
from portal.services.health.service import service_figures
from portal.services.health.volumes import volume_changes
from portal.usage.courses import read_courses
from portal.usage.days import zone_of

FOUR_WEEKS = 28
NEW_DAYS = 90
"""A core feature counts as begun while its first use lies in these days, and as new if it was not
used in as many before.
"""
REACH = 2 * NEW_DAYS + 1


def read_signals(
    session: Session, days: Mapping[int, list[date]]
) -> dict[tuple[int, date], Signals]:
    """`days`: account id → the days asked for, ascending."""
    last_days = {account: asked[-1] for account, asked in days.items() if asked}
    longest = max(((asked[-1] - asked[0]).days for asked in days.values() if asked), default=0)
    courses = read_courses(session, last_days, REACH + longest)
    core, rest = core_use(session, days), _Rest(session, days)
    return {
        (account, day): _signals(
            courses[account], day, core[account, day], rest.of(account, day, courses[account])
        )
        for account, asked in days.items()
        for day in asked
    }


class _Rest:
    """What is known of days also without use: business volume, requests, who takes part."""

    def __init__(self, session: Session, days: Mapping[int, list[date]]) -> None:
        ends = _ends(session, days)
        self._changes = volume_changes(session, days)
        self._service = service_figures(session, ends)
        self._parts = taking_part(session, ends)

    def of(self, account: int, day: date, course: Course) -> Signals:
        service = self._service.get((account, day))
        people = int(course.provisioned[(day - course.first).days])
        persons = self._parts.get((account, day))
        return Signals(
            provisioned=people if persons is not None else None,
            volume_change=self._changes.get((account, day)),
            seats=course.seats,
            request_age_days=service.age_days if service else None,
            request_next_days=service.next_days if service else None,
            response_hours=service.answer_hours if service else None,
            taking_part=None if persons is None else share(persons, people),
        )


def _ends(session: Session, days: Mapping[int, list[date]]) -> dict[int, dict[date, datetime]]:
    wanted = select(Account.id, Account.time_zone).where(Account.id.in_(sorted(days)))
    return {
        account: {day: _over(day, zone_of(zone)) for day in days[account]}
        for account, zone in session.execute(wanted)
    }


def _over(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _signals(course: Course, day: date, core: CoreUse, rest: Signals) -> Signals:
    if course.began is None or day < course.began:
        return rest
    place = (day - course.first).days
    provisioned = int(course.provisioned[place])
    has_core = bool(core.entitled)
    return replace(
        rest,
        provisioned=provisioned,
        login_ratio=share(int(course.login_week[place]), provisioned),
        active_now=_weekly_mean(course, place),
        active_before=_weekly_mean(course, place - FOUR_WEEKS),
        breadth=core.breadth,
        depth=core.depth,
        core_features=core.entitled or None,
        seat_use=share(int(course.activated[place]), course.seats or 0),
        begun=sum(_begun(since, place) for since in course.unused.values()) if has_core else None,
        unused=core.entitled - core.used if has_core else None,
    )


def _weekly_mean(course: Course, place: int) -> float | None:
    """Of the weekly active persons at the ends of four weeks; None before the first event."""
    if course.began is None or course.first + timedelta(days=place - FOUR_WEEKS + 1) < course.began:
        return None
    return float(course.wau[[place - 7 * back for back in range(4)]].mean())


def _begun(since: Numbers, place: int) -> bool:
    return bool(since[place] < NEW_DAYS and since[place - NEW_DAYS] >= NEW_DAYS)
