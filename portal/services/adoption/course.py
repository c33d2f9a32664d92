"""The figures of domain.account_metrics on several days of one account."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from pyroaring import BitMap
from sqlalchemy.orm import Session

from portal.domain import metrics
from portal.domain.account_metrics import Values
from portal.domain.metrics import MONTH_DAYS
from portal.services.adoption.features import features_of
from portal.services.adoption.figures import Adoption
from portal.services.adoption.members import Member, read_members
from portal.services.adoption.window import Window, find_window
from portal.usage.bitmaps import union_of
from portal.usage.queries import DayRow, read_days

BY_FEATURE = frozenset({"breadth", "depth"})


def values_of(now: Adoption) -> Values:
    """From the figures of a window of 30 days."""
    known = now.coverage_days > 0
    return {
        "activation_rate": now.activation_rate,
        "login_ratio_30d": now.login_ratio_30d,
        "mau": float(now.mau) if known else None,
        "stickiness": now.stickiness,
        "breadth": now.breadth.ratio,
        "depth": now.depth,
        "time_online": float(now.time_online_seconds) if known else None,
        "time_online_each": metrics.share(now.time_online_seconds, now.mau),
    }


def metric_course(
    session: Session, account_key: str, days: Sequence[date], wanted: Iterable[str]
) -> list[Values]:
    """The `wanted` figures on each of the days, which rise, from one read of the days and one of
    the persons; breadth and depth ask for their features day by day. Raises NotFound, Invalid.
    """
    if not days:
        return []
    keys = frozenset(wanted)
    last = find_window(session, account_key, days[-1], MONTH_DAYS)
    reach = (days[-1] - days[0]).days + MONTH_DAYS
    whole = find_window(session, account_key, days[-1], reach)
    rows = read_days(session, last.account.id, whole.first, whole.last)
    members = read_members(session, last.account.id)
    made = []
    for day in days:
        window = Window(last.account, day - timedelta(days=MONTH_DAYS - 1), day)
        end = (day - whole.first).days + 1
        values = _of_days(window, rows[end - MONTH_DAYS : end], members)
        if keys & BY_FEATURE:
            values |= _of_features(session, window)
        made.append({key: values.get(key) for key in keys})
    return made


def _of_days(window: Window, month: Sequence[DayRow], members: Sequence[Member]) -> Values:
    if not window.has_data:
        return {}
    users = union_of([day.users for day in month])
    listed = [one for one in members if one.listed_on(window.last)]
    active = users.intersection_cardinality(_numbers(listed))
    activated = sum(1 for one in listed if one.first_at is not None and one.first_at < window.until)
    seconds = 60 * sum(day.online_minutes for day in month)
    return {
        "activation_rate": metrics.activation_rate(activated, window.account.seats, len(listed)),
        "login_ratio_30d": metrics.share(active, len(listed)),
        "mau": float(len(users)),
        "stickiness": metrics.stickiness([len(day.users) for day in month], len(users)),
        "time_online": float(seconds),
        "time_online_each": metrics.share(seconds, len(users)),
    }


def _numbers(listed: Iterable[Member]) -> Any:
    return BitMap([one.number for one in listed if one.number is not None])


def _of_features(session: Session, window: Window) -> Values:
    if not window.has_data:
        return {}
    core = [feature for feature in features_of(session, window) if feature.core]
    used = sum(1 for feature in core if feature.uses)
    return {
        "breadth": metrics.share(used, len(core)),
        "depth": metrics.account_depth(feature.depth for feature in core),
    }
