"""What is known of an account on a day, for its score. A session over all accounts."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.early_warning import Course, Numbers
from portal.domain.health import Signals
from portal.domain.metrics import MONTH_DAYS, account_depth, share
from portal.models import VolumeSeries
from portal.services.adoption.features import FeatureUse, features_of
from portal.services.adoption.window import find_run
from portal.services.volumes import volume_series
from portal.usage.courses import read_courses

FOUR_WEEKS = 28
NEW_DAYS = 90
"""A core feature counts as begun while its first use lies in these days, and as new if it was not
used in as many before.
"""
REACH = 2 * NEW_DAYS + 1


def read_signals(
    session: Session, keys: Mapping[int, str], days: Mapping[int, list[date]]
) -> dict[tuple[int, date], Signals]:
    """`keys`: account id → key; `days`: account id → the days asked for, ascending."""
    last_days = {account: asked[-1] for account, asked in days.items() if asked}
    longest = max(((asked[-1] - asked[0]).days for asked in days.values() if asked), default=0)
    courses = read_courses(session, last_days, REACH + longest)
    counted = set(session.scalars(select(VolumeSeries.account_id).distinct()))
    return {
        (account, day): _signals(
            session, keys[account], courses[account], day, counted=account in counted
        )
        for account, asked in days.items()
        for day in asked
    }


def _signals(session: Session, key: str, course: Course, day: date, *, counted: bool) -> Signals:
    change = _volume_change(session, key, day) if counted else None
    if course.began is None or day < course.began:
        return Signals(seats=course.seats, volume_change=change)
    place = (day - course.first).days
    provisioned = int(course.provisioned[place])
    core = _core_features(session, key, day)
    return Signals(
        provisioned=provisioned,
        login_ratio=share(int(course.login_week[place]), provisioned),
        active_now=_weekly_mean(course, place),
        active_before=_weekly_mean(course, place - FOUR_WEEKS),
        breadth=share(sum(1 for one in core if one.uses), len(core)),
        depth=account_depth(one.depth for one in core),
        core_features=len(core) or None,
        volume_change=change,
        seats=course.seats,
        seat_use=share(int(course.activated[place]), course.seats or 0),
        begun=sum(_begun(since, place) for since in course.unused.values()) if core else None,
        unused=sum(1 for one in core if not one.uses) if core else None,
    )


def _weekly_mean(course: Course, place: int) -> float | None:
    """Of the weekly active persons at the ends of four weeks; None before the first event."""
    if course.began is None or course.first + timedelta(days=place - FOUR_WEEKS + 1) < course.began:
        return None
    return float(course.wau[[place - 7 * back for back in range(4)]].mean())


def _begun(since: Numbers, place: int) -> bool:
    return bool(since[place] < NEW_DAYS and since[place - NEW_DAYS] >= NEW_DAYS)


def _core_features(session: Session, key: str, day: date) -> list[FeatureUse]:
    window = find_run(session, key, day - timedelta(days=MONTH_DAYS - 1), day)
    return [one for one in features_of(session, window) if one.core]


def _volume_change(session: Session, key: str, day: date) -> float | None:
    first = day - timedelta(days=MONTH_DAYS - 1)
    return _mean(one.change for one in volume_series(session, key, first, day))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
