"""The days of an account that lack a score: since the newest one, and from before the first one
where usage of that time came later. A day that has a score keeps it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account, HealthDay

MOST_MISSED = 14
"""Nights without a worker that are made up for, day by day."""
DAILY, STEP = 35, 7
"""Of the history before an account's first score the last days are made daily, the rest weekly."""


@dataclass(frozen=True, slots=True)
class Written:
    """An account's rows: the first and the newest day, and of the newest one its model, whether it
    has a score, and the version of what it was made of.
    """

    first: date
    newest: date
    model_id: int | None
    scored: bool
    version: int


def read_written(session: Session, ids: Sequence[int]) -> dict[int, Written]:
    ends = (
        select(
            HealthDay.account_id,
            func.min(HealthDay.day).label("first"),
            func.max(HealthDay.day).label("newest"),
        )
        .where(HealthDay.account_id.in_(ids))
        .group_by(HealthDay.account_id)
        .subquery()
    )
    wanted = select(
        HealthDay.account_id,
        ends.c.first,
        HealthDay.day,
        HealthDay.model_id,
        HealthDay.score,
        HealthDay.version,
    ).join(ends, (ends.c.account_id == HealthDay.account_id) & (ends.c.newest == HealthDay.day))
    return {
        account: Written(first, newest, model, score is not None, version)
        for account, first, newest, model, score, version in session.execute(wanted)
    }


def days_to_score(known: date | None, last: date, history: int) -> list[date]:
    """The days to write after the newest that is `known`, up to and including `last`."""
    if known is not None:
        begin = max(known + timedelta(days=1), last - timedelta(days=MOST_MISSED - 1))
        return _run(begin, last) or [last]
    daily = _run(last - timedelta(days=min(history, DAILY)), last)
    steps = range(DAILY + STEP, history + 1, STEP)
    return [last - timedelta(days=back) for back in reversed(steps)] + daily


def days_before(
    written: Written | None, began: date | None, last: date, history: int, *, more_known: bool
) -> list[date]:
    """Those to fill in where usage turns out to have `began` long before the first row; also those
    before `last` where no score could be made until now that there is `more_known`. They may hold
    days that have a score.
    """
    if written is None or began is None:
        return []
    until = written.first if began + timedelta(days=STEP) <= written.first else began
    if more_known and not written.scored:
        until = last
    return [day for day in days_to_score(None, last, history) if began <= day < until]


def read_scored_days(session: Session, ids: Iterable[int]) -> set[tuple[int, date]]:
    wanted = select(HealthDay.account_id, HealthDay.day).where(
        HealthDay.account_id.in_(sorted(ids)), HealthDay.score.is_not(None)
    )
    return {(account, day) for account, day in session.execute(wanted)}


def read_member_begins(session: Session, ids: Sequence[int]) -> Mapping[int, date]:
    """Of groups: the first day on which one of their accounts has a score."""
    wanted = (
        select(Account.parent_id, func.min(HealthDay.day))
        .join(HealthDay, HealthDay.account_id == Account.id)
        .where(Account.parent_id.in_(ids), HealthDay.score.is_not(None))
        .group_by(Account.parent_id)
    )
    return {group: day for group, day in session.execute(wanted) if group is not None}


def _run(first: date, last: date) -> list[date]:
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]
