"""The nightly score of every account, written once per day of the account's own zone.

An account's days are written in one transaction; the primary key lets only one worker write each.
A killed worker leaves nothing half done. History stays: only the last day is made again, when
late events came for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.health import (
    Component,
    Score,
    Signals,
    Values,
    known_signals,
    mean_of,
    score_of,
)
from portal.domain.health import values_of as values_by_formula
from portal.domain.lifecycle import Stage
from portal.domain.segments import Traits, segment_of
from portal.models import Account, HealthDay, UsageAccount
from portal.services.adoption import last_full_day
from portal.services.health.book import HealthBook, active_book
from portal.services.health.signals import read_signals
from portal.services.segments import segment_rules
from portal.tenancy import scope_of

BATCH = 50
"""Accounts a transaction."""
MOST_MISSED = 14
"""Nights without a worker that are made up for, day by day."""
DAILY, STEP = 35, 7
"""Of the history before an account's first score the last days are made daily, the rest weekly."""


@dataclass(frozen=True, slots=True)
class Due:
    """An account and the days to write, ascending. `first`: it has no score yet."""

    id: int
    key: str
    segment: str
    days: list[date]
    version: int
    seats: int
    first: bool


def due_accounts(session: Session) -> list[int]:
    """Those whose last full day has no score yet, or whose usage changed since; groups last, so
    that their members' scores are there.
    """
    now = scope_of(session).now
    latest = (
        select(HealthDay.account_id, func.max(HealthDay.day).label("day"))
        .group_by(HealthDay.account_id)
        .subquery()
    )
    parents = set(
        session.scalars(select(Account.parent_id).where(Account.parent_id.is_not(None)).distinct())
    )
    wanted = (
        select(
            Account.id,
            Account.time_zone,
            HealthDay.day,
            HealthDay.version,
            func.coalesce(UsageAccount.version, 0).label("usage"),
        )
        .outerjoin(latest, latest.c.account_id == Account.id)
        .outerjoin(
            HealthDay,
            (HealthDay.account_id == Account.id) & (HealthDay.day == latest.c.day),
        )
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .where(Account.stage != Stage.CHURNED)
        .order_by(Account.id)
    )
    due = [
        row.id
        for row in session.execute(wanted)
        if row.day is None
        or row.day < last_full_day(row.time_zone, now)
        or row.version != row.usage
    ]
    return [one for one in due if one not in parents] + [one for one in due if one in parents]


def score_accounts(session: Session, ids: Sequence[int], *, history: int = 0) -> int:
    """Writes the days that these accounts lack and commits; returns how many rows it wrote. An
    account without any score begins `history` days before its last full day.
    """
    due = _find_due(session, ids, history)
    signals = read_signals(
        session, {one.id: one.key for one in due}, {one.id: one.days for one in due}
    )
    book, groups = active_book(session), _groups(session, due)
    singles = [one for one in due if one.id not in groups]
    written = sum(_write(session, one, signals, book, ()) for one in singles)
    session.flush()
    members = _members(session, [one for one in due if one.id in groups])
    for one in due:
        if one.id in groups:
            written += _write(session, one, signals, book, members.get(one.id, ()))
    session.commit()
    return written


def _write(
    session: Session,
    one: Due,
    signals: Mapping[tuple[int, date], Signals],
    book: HealthBook,
    members: Sequence["_Member"],
) -> int:
    written = 0
    for day in one.days:
        given = signals[one.id, day]
        row = _scored(one, day, values_by_formula(given), book, members)
        if one.first and row.score is None and day != one.days[-1]:
            continue  # the time before anything was known
        row.signals = known_signals(given)
        session.merge(row)
        written += 1
    return written


def _find_due(session: Session, ids: Sequence[int], history: int) -> list[Due]:
    now, rules = scope_of(session).now, segment_rules(session)
    newest = (
        select(HealthDay.account_id, func.max(HealthDay.day).label("day"))
        .where(HealthDay.account_id.in_(ids))
        .group_by(HealthDay.account_id)
    )
    last = {row.account_id: row.day for row in session.execute(newest)}
    wanted = (
        select(
            Account.id,
            Account.key,
            Account.time_zone,
            Account.seats,
            Account.tier,
            Account.industry,
            Account.region,
            Account.stage,
            func.coalesce(UsageAccount.version, 0).label("version"),
        )
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .where(Account.id.in_(ids))
    )
    found = {}
    for row in session.execute(wanted):
        days = days_to_score(last.get(row.id), last_full_day(row.time_zone, now), history)
        segment = segment_of(rules, Traits(row.tier, row.industry, row.region, row.stage))
        found[row.id] = Due(
            row.id, row.key, segment, days, row.version, row.seats or 1, row.id not in last
        )
    return [found[one] for one in ids if one in found]


def days_to_score(known: date | None, last: date, history: int) -> list[date]:
    """The days to write, up to and including `last`."""
    if known is not None:
        begin = max(known + timedelta(days=1), last - timedelta(days=MOST_MISSED - 1))
        return _run(begin, last) or [last]
    daily = _run(last - timedelta(days=min(history, DAILY)), last)
    steps = range(DAILY + STEP, history + 1, STEP)
    return [last - timedelta(days=back) for back in reversed(steps)] + daily


def _run(first: date, last: date) -> list[date]:
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class _Member:
    seats: int
    days: Mapping[date, Values]

    def on(self, day: date) -> Values | None:
        """The newest within a week: zones differ, and so do the days that are known."""
        near = (day - timedelta(days=back) for back in range(STEP))
        return next((self.days[one] for one in near if one in self.days), None)


def _groups(session: Session, due: Iterable[Due]) -> set[int]:
    """Those of them that have accounts of their own."""
    ids = [one.id for one in due]
    wanted = select(Account.parent_id).where(Account.parent_id.in_(ids)).distinct()
    return {one for one in session.scalars(wanted) if one is not None}


def _members(session: Session, due: Sequence[Due]) -> dict[int, list[_Member]]:
    """Group → its accounts with their own values. A group within a group counts as one."""
    if not due:
        return {}
    children = session.execute(
        select(Account.id, Account.parent_id, Account.seats).where(
            Account.parent_id.in_([one.id for one in due])
        )
    ).all()
    days: dict[int, dict[date, Values]] = {}
    first = min((one.days[0] for one in due), default=date.max) - timedelta(days=STEP)
    wanted = select(HealthDay.account_id, HealthDay.day, HealthDay.values).where(
        HealthDay.account_id.in_([row.id for row in children]), HealthDay.day >= first
    )
    for account, day, values in session.execute(wanted):
        days.setdefault(account, {})[day] = read_values(values)
    found: dict[int, list[_Member]] = {}
    for row in children:
        member = _Member(row.seats or 1, days.get(row.id, {}))
        found.setdefault(row.parent_id or 0, []).append(member)
    return found


def _scored(
    one: Due, day: date, own: Values, book: HealthBook, members: Sequence[_Member]
) -> HealthDay:
    values, counted = own, 0
    if members:
        found = [(given, member.seats) for member in members if (given := member.on(day))]
        counted = len(found)
        itself = [(own, one.seats)] if own.get(Component.ACTIVITY) is not None else []
        values = mean_of(found + itself)
    score = score_of(values, book.weights_of(one.segment), book.bands_of(one.segment))
    return HealthDay(
        account_id=one.id,
        day=day,
        model_id=book.id,
        segment=one.segment,
        score=score.score,
        band=score.band or "",
        values=_kept(values),
        own=_kept(own) if members else {},
        members=counted,
        version=one.version,
    )


def _kept(values: Values) -> dict[str, Any]:
    return {one.value: round(value, 6) for one, value in values.items() if value is not None}


def read_values(kept: Mapping[str, Any]) -> dict[Component, float | None]:
    return {one: kept.get(one.value) for one in Component}


def rescored(values: Values, book: HealthBook, segment: str) -> Score:
    """The score that a model would give."""
    return score_of(values, book.weights_of(segment), book.bands_of(segment))
