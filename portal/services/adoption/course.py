"""The figures of domain.account_metrics on several days of one account."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.domain import metrics
from portal.domain.account_metrics import Values
from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS
from portal.services.adoption.features import features_of
from portal.services.adoption.figures import Adoption
from portal.services.adoption.series import known_calls
from portal.services.adoption.sheet import MONTH_BEFORE, Sheet
from portal.services.adoption.window import Window, find_window
from portal.usage.bitmaps import union_of
from portal.usage.queries import DayRow, Provisioned

BY_FEATURE = frozenset({"breadth", "depth"})


def values_of(now: Adoption) -> Values:
    """From the figures of a window of 30 days."""
    known = now.coverage_days > 0
    return {
        "activation_rate": now.activation_rate,
        "login_ratio_30d": now.login_ratio_30d,
        "login_ratio_7d": now.login_ratio_7d,
        "mau": float(now.mau) if known else None,
        "wau": float(now.wau) if known else None,
        "dau": float(now.dau) if known else None,
        "integration_calls": _count(now.integration_calls) if known else None,
        "stickiness": now.stickiness,
        "breadth": now.breadth.ratio,
        "depth": now.depth,
        **_online(now.time_online_seconds if known else None, now.mau),
    }


def metric_course(
    session: Session, account_key: str, days: Sequence[date], wanted: Iterable[str]
) -> list[Values]:
    """The `wanted` figures on each of the days, which rise, from one read of each kind. Raises
    NotFound, Invalid.
    """
    if not days:
        return []
    keys, first = frozenset(wanted), days[0] - MONTH_BEFORE
    asked = find_window(session, account_key, days[-1], MONTH_DAYS)
    sheet = Sheet(session, asked, first=first, names_from=first)
    made = []
    for day in days:
        window = Window(asked.account, day - MONTH_BEFORE, day)
        values: Values = {}
        if window.has_data:
            values = _of_days(sheet, window)
            if keys & BY_FEATURE:
                values |= _of_features(sheet, window)
        made.append({key: values.get(key) for key in keys})
    return made


def _count(value: int | None) -> float | None:
    return None if value is None else float(value)


def _of_days(sheet: Sheet, window: Window) -> Values:
    month = sheet.days(window.first, window.last)
    users = union_of([day.users for day in month])
    listed = sheet.provisioned(window)
    told = window.told_days > 0
    seconds = None if told else 60 * sum(day.online_minutes for day in month)
    rate = metrics.activation_rate(listed.activated, window.account.seats, listed.count)
    return {
        "activation_rate": rate,
        "mau": float(len(users)),
        "dau": float(len(month[-1].users)),
        "integration_calls": _count(known_calls(sum(day.calls for day in month), told=told)),
        **_of_week(month, listed, users),
        "stickiness": metrics.stickiness([len(day.users) for day in month], len(users)),
        **_online(seconds, len(users)),
    }


def _of_week(month: Sequence[DayRow], listed: Provisioned, users: Any) -> Values:
    """And the login ratios, of the week and of all the days."""
    week = union_of([day.users for day in month[-DAYS_A_WEEK:]])
    return {
        "wau": float(len(week)),
        "login_ratio_7d": metrics.share(week.intersection_cardinality(listed.seen), listed.count),
        "login_ratio_30d": metrics.share(users.intersection_cardinality(listed.seen), listed.count),
    }


def _online(seconds: int | None, persons: int) -> Values:
    """Not known where a day was told as sums."""
    if seconds is None:
        return {"time_online": None, "time_online_each": None}
    return {"time_online": float(seconds), "time_online_each": metrics.share(seconds, persons)}


def _of_features(sheet: Sheet, window: Window) -> Values:
    core = [feature for feature in features_of(sheet, window) if feature.core]
    used = sum(1 for feature in core if feature.uses)
    return {
        "breadth": metrics.share(used, len(core)),
        "depth": metrics.account_depth(feature.depth for feature in core),
    }
