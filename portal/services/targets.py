"""Targets of an account's figures: set by the vendor's side, seen by the champion."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.account_metrics import METRICS, Values, metric_of, volume_series_of
from portal.domain.early_warning.workdays import last_workday
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.metrics import DAYS_A_WEEK
from portal.domain.targets import Course, Standing
from portal.models import Account, MetricTarget, User
from portal.services.adoption import Adoption, last_full_day, show_adoption
from portal.services.adoption.course import metric_course, values_of
from portal.services.audit import record
from portal.services.volumes import list_series, volume_course
from portal.tenancy import scope_of

LONGEST_YEARS = 5
POINTS = 13
DAILY = "dau"
"""The figure of one day: held against a workday, as few come at a weekend."""
FOUR_WEEKS = timedelta(days=28)
"""Days on which the course of a figure is shown."""
LEAD = timedelta(days=28)
"""So much of the time before a target was set is shown with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """`now` is the figure on `day`, the last full day over there. `set_by`: a name, or empty."""

    key: str
    metric: str
    course: Course
    day: date
    now: float | None
    set_by: str

    @property
    def standing(self) -> Standing:
        return self.course.standing(self.day, self.now)


@dataclass(frozen=True, slots=True)
class Point:
    """What the figure was on the day, None with too little data."""

    day: date
    value: float | None


@dataclass(frozen=True, slots=True)
class OneDay:
    """The people of the last workday over there, and of the same day four weeks before; None where
    there was no data yet.
    """

    day: date
    people: float | None
    people_before: float | None

    @property
    def before(self) -> date:
        return self.day - FOUR_WEEKS


def people_of_one_day(session: Session, now: Adoption, earlier: Adoption) -> OneDay:
    """`earlier`: the figures of the days before those of `now`."""
    day = _workday(session, now.account, now.as_of)
    found = {
        one.day: float(one.dau)
        for figures in (earlier, now)
        for one in figures.series[len(figures.series) - figures.coverage_days :]
    }
    return OneDay(day, found.get(day), found.get(day - FOUR_WEEKS))


def _workday(session: Session, account_key: str, day: date) -> date:
    calendar = session.scalar(select(Account.holidays).where(Account.key == account_key))
    return last_workday(day, calendar or "")


def list_targets(session: Session, account_key: str, now: Values, day: date) -> list[Target]:
    """In the order of METRICS, after them the series of business volume; `now` are the account's
    figures on `day`.
    """
    rows = session.execute(
        select(
            MetricTarget.key,
            MetricTarget.metric,
            MetricTarget.set_on,
            MetricTarget.start,
            MetricTarget.due,
            MetricTarget.goal,
            User.name,
        )
        .join(Account, Account.id == MetricTarget.account_id)
        .outerjoin(User, User.id == MetricTarget.set_by)
        .where(Account.key == account_key)
    )
    made = [
        Target(key, metric, Course(set_on, start, due, goal), day, now.get(metric), name or "")
        for key, metric, set_on, start, due, goal, name in rows
    ]
    places = {metric: place for place, metric in enumerate(METRICS)}
    return sorted(made, key=lambda one: (places.get(one.metric, len(places)), one.metric))


def target_version(session: Session, account_key: str) -> list[tuple[str, str]]:
    """Changes whenever a target of the account does."""
    rows = session.execute(
        select(MetricTarget.key, MetricTarget.changed_at)
        .join(Account, Account.id == MetricTarget.account_id)
        .where(Account.key == account_key)
        .order_by(MetricTarget.key)
    )
    return [(key, changed.isoformat()) for key, changed in rows]


def target_courses(
    session: Session, account_key: str, targets: list[Target]
) -> dict[str, list[Point]]:
    """Metric → what it was, from four weeks before the earliest target on, all in one read."""
    if not targets:
        return {}
    last = targets[0].day
    first = min(one.course.set_on for one in targets) - LEAD
    days = _spread(max(first, last - timedelta(days=365)), last)
    wanted = {one.metric for one in targets}
    found = _courses(session, account_key, days, wanted - {DAILY})
    if DAILY in wanted:
        back = last - _workday(session, account_key, last)
        found |= _courses(session, account_key, [day - back for day in days], {DAILY})
    return found


def _courses(
    session: Session, account_key: str, days: list[date], wanted: set[str]
) -> dict[str, list[Point]]:
    usage = sorted(wanted & METRICS.keys())
    found: list[Values] = [{} for _day in days]
    if usage:
        found = metric_course(session, account_key, days, usage)
    if len(usage) < len(wanted):
        volumes = volume_course(session, account_key, days)
        found = [one | more for one, more in zip(found, volumes, strict=True)]
    return {
        metric: [Point(day, values.get(metric)) for day, values in zip(days, found, strict=True)]
        for metric in wanted
    }


def _spread(first: date, last: date) -> list[date]:
    """Evenly, the last of them `last`; whole weeks apart, so that all are the same day of it."""
    weeks = -(-(last - first).days // (DAYS_A_WEEK * (POINTS - 1)))
    apart = DAYS_A_WEEK * max(1, weeks)
    count = (last - first).days // apart
    return [last - timedelta(days=apart * back) for back in reversed(range(count + 1))]


def set_target(session: Session, account_key: str, metric: str, goal: float, due: date) -> str:
    """From where the figure stands now; returns the key. Raises NotFound, Invalid (metric, goal,
    due), Conflict where the figure has a target. Commits.
    """
    account = _account(session, account_key)
    _check_metric(session, account_key, metric)
    day = last_full_day(account.time_zone, scope_of(session).now)
    _check(metric, goal, due, day)
    if session.scalar(
        select(MetricTarget.id).where(
            MetricTarget.account_id == account.id, MetricTarget.metric == metric
        )
    ):
        said = "This figure has a target already: change that one."
        raise Conflict(said, code="target-exists", fields={"metric": said})
    scope = scope_of(session)
    made = MetricTarget(
        key=new_key(),
        account_id=account.id,
        metric=metric,
        goal=goal,
        due=due,
        start=_value(session, account_key, metric, day),
        set_on=day,
        set_by=scope.user_id,
        changed_at=scope.now,
    )
    session.add(made)
    facts = {"metric": metric, "goal": goal, "due": due.isoformat()}
    record(session, "target.set", "target", made.key, account_id=account.id, **facts)
    session.commit()
    return made.key


def find_target(session: Session, account_key: str, key: str) -> MetricTarget:
    """Raises NotFound, also for one of another account."""
    found = session.scalar(
        select(MetricTarget)
        .join(Account, Account.id == MetricTarget.account_id)
        .where(Account.key == account_key, MetricTarget.key == key)
    )
    if found is None:
        raise NotFound
    return found


def change_target(session: Session, account_key: str, key: str, goal: float, due: date) -> None:
    """The line still begins where it did. Raises NotFound, Invalid (goal, due). Commits."""
    target, account = find_target(session, account_key, key), _account(session, account_key)
    scope = scope_of(session)
    _check(target.metric, goal, due, last_full_day(account.time_zone, scope.now))
    before = {"goal": target.goal, "due": target.due.isoformat()}
    target.goal, target.due, target.changed_at = goal, due, scope.now
    after = {"goal": goal, "due": due.isoformat()}
    if before != after:
        facts = {"metric": target.metric, "before": before, "after": after}
        record(session, "target.changed", "target", key, account_id=account.id, **facts)
    session.commit()


def remove_target(session: Session, account_key: str, key: str) -> None:
    """Raises NotFound. Commits."""
    target = find_target(session, account_key, key)
    facts = {"metric": target.metric, "goal": target.goal, "due": target.due.isoformat()}
    record(session, "target.removed", "target", key, account_id=target.account_id, **facts)
    session.delete(target)
    session.commit()


def goal_fits(metric: str, goal: float) -> bool:
    return math.isfinite(goal) and 0 < goal <= metric_of(metric).highest


def due_range(last_full_day: date) -> tuple[date, date]:
    """The first and the last day on which a target may be due."""
    return last_full_day + timedelta(days=1), last_full_day + timedelta(days=366 * LONGEST_YEARS)


def _account(session: Session, key: str) -> Account:
    account = session.scalar(select(Account).where(Account.key == key))
    if account is None:
        raise NotFound
    return account


def _check_metric(session: Session, account_key: str, metric: str) -> None:
    """One of METRICS, or a series of business volume that the account has."""
    series = volume_series_of(metric)
    known = {one.key for one in list_series(session, account_key)} if series else set()
    if metric not in METRICS and series not in known:
        said = f"One of {', '.join(METRICS)}, or volume: and a series of the account."
        raise Invalid(said, fields={"metric": said})


def _value(session: Session, account_key: str, metric: str, day: date) -> float | None:
    if volume_series_of(metric):
        return volume_course(session, account_key, [day])[0].get(metric)
    if metric == DAILY:
        day = _workday(session, account_key, day)
    return values_of(show_adoption(session, account_key, day))[metric]


def _check(metric: str, goal: float, due: date, day: date) -> None:
    if not goal_fits(metric, goal):
        said = f"A value above 0, at most {metric_of(metric).highest:g}, is needed."
        raise Invalid(said, code="target-goal", fields={"goal": said})
    first, last = due_range(day)
    if not first <= due <= last:
        said = f"A day from {first} to {last} is needed."
        raise Invalid(said, code="target-due", fields={"due": said})
