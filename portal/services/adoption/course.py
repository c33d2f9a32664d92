"""The figures of domain.account_metrics on several days of one account."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal.domain import metrics
from portal.domain.account_metrics import Values
from portal.domain.metrics import MONTH_DAYS
from portal.services.adoption.features import features_of
from portal.services.adoption.figures import Adoption
from portal.services.adoption.sheet import MONTH_BEFORE, Sheet
from portal.services.adoption.window import Window, find_window
from portal.usage.bitmaps import union_of

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


def _of_days(sheet: Sheet, window: Window) -> Values:
    month = sheet.days(window.first, window.last)
    users = union_of([day.users for day in month])
    listed = sheet.provisioned(window)
    active = users.intersection_cardinality(listed.seen)
    seconds = None if window.told_days else 60 * sum(day.online_minutes for day in month)
    rate = metrics.activation_rate(listed.activated, window.account.seats, listed.count)
    return {
        "activation_rate": rate,
        "login_ratio_30d": metrics.share(active, listed.count),
        "mau": float(len(users)),
        "stickiness": metrics.stickiness([len(day.users) for day in month], len(users)),
        **_online(seconds, len(users)),
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
