"""What is known of an account on a day, for its score. A session over all accounts; a handful of
statements however many accounts and days.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.domain.early_warning import Course, Numbers
from portal.domain.health import Signals
from portal.domain.metrics import share
from portal.services.health.features import CoreUse, core_use
from portal.services.health.volumes import volume_changes
from portal.usage.courses import read_courses

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
    core, changes = core_use(session, days), volume_changes(session, days)
    return {
        (account, day): _signals(
            courses[account], day, core[account, day], changes.get((account, day))
        )
        for account, asked in days.items()
        for day in asked
    }


def _signals(course: Course, day: date, core: CoreUse, change: float | None) -> Signals:
    if course.began is None or day < course.began:
        return Signals(seats=course.seats, volume_change=change)
    place = (day - course.first).days
    provisioned = int(course.provisioned[place])
    has_core = bool(core.entitled)
    return Signals(
        provisioned=provisioned,
        login_ratio=share(int(course.login_week[place]), provisioned),
        active_now=_weekly_mean(course, place),
        active_before=_weekly_mean(course, place - FOUR_WEEKS),
        breadth=core.breadth,
        depth=core.depth,
        core_features=core.entitled or None,
        volume_change=change,
        seats=course.seats,
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
