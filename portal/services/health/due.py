"""Which accounts are to be scored, and for which days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from portal.domain.lifecycle import Stage
from portal.domain.segments import Traits, segment_of
from portal.models import Account, HealthDay, UsageAccount, VolumeSeries
from portal.services.adoption import last_full_day
from portal.services.segments import segment_rules
from portal.tenancy import scope_of

MOST_MISSED = 14
"""Nights without a worker that are made up for, day by day."""
DAILY, STEP = 35, 7
"""Of the history before an account's first score the last days are made daily, the rest weekly."""


@dataclass(frozen=True, slots=True)
class Due:
    """An account and the days to write, ascending. `first`: it has no score yet. `again`: its one
    day was written before, by the model of `model_id`.
    """

    id: int
    key: str
    segment: str
    days: list[date]
    version: int
    seats: int
    first: bool
    again: bool
    model_id: int | None


def _made_of() -> Any:
    """Account → a number that rises when its usage or its business volume of days that are over
    changes: whether a score is made of what is known.
    """
    volumes = (
        select(VolumeSeries.account_id, func.sum(VolumeSeries.ended_revision).label("revision"))
        .group_by(VolumeSeries.account_id)
        .subquery()
    )
    pushed = cast(func.coalesce(volumes.c.revision, 0), BigInteger)
    return (
        select(
            Account.id.label("account_id"),
            (func.coalesce(UsageAccount.ended_version, 0) + pushed).label("version"),
        )
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .outerjoin(volumes, volumes.c.account_id == Account.id)
        .subquery()
    )


def due_accounts(session: Session) -> list[int]:
    """Those whose last full day has no score yet, or for which late events or late business
    volume came since; after them the groups that these are part of, the inner ones first.
    """
    now = scope_of(session).now
    # What is older is found out account by account: nobody waits for that but the one concerned.
    rows = session.execute(_standing(now.date() - timedelta(days=MOST_MISSED + 2))).all()
    due = [
        row.id
        for row in rows
        if row.day is None
        or row.day < last_full_day(row.time_zone, now)
        or row.version != row.known
    ]
    return inner_first(due, {row.id: row.parent_id for row in rows})


def _standing(recent: date) -> Any:
    """Each account with its last score since then, and what its figures are made of by now."""
    made_of = _made_of()
    latest = (
        select(HealthDay.account_id, func.max(HealthDay.day).label("day"))
        .where(HealthDay.day >= recent)
        .group_by(HealthDay.account_id)
        .subquery()
    )
    return (
        select(
            Account.id,
            Account.parent_id,
            Account.time_zone,
            HealthDay.day,
            HealthDay.version,
            made_of.c.version.label("known"),
        )
        .outerjoin(latest, latest.c.account_id == Account.id)
        .outerjoin(
            HealthDay,
            (HealthDay.account_id == Account.id) & (HealthDay.day == latest.c.day),
        )
        .join(made_of, made_of.c.account_id == Account.id)
        .where(Account.stage != Stage.CHURNED)
        .order_by(Account.id)
    )


def inner_first(due: Iterable[int], parents: Mapping[int, int | None]) -> list[int]:
    """The due ones, then every group above one of them; each group after all that it is made of.
    `parents`: account → the group it is part of. A circle ends where it meets itself.
    """
    heights: dict[int, int] = {}
    groups = {one for one in parents.values() if one is not None}
    found = list(due)
    for one in found:
        seen, height, group = {one}, 0, parents.get(one)
        while group is not None and group in parents and group not in seen:
            seen.add(group)
            height += 1
            heights[group] = max(heights.get(group, 0), height)
            group = parents.get(group)
    singles = [one for one in found if one not in groups]
    above = (set(found) - set(singles)) | set(heights)
    return singles + sorted(above, key=lambda one: (heights.get(one, 0), one))


def find_due(session: Session, ids: Sequence[int], history: int) -> list[Due]:
    now, rules = scope_of(session).now, segment_rules(session)
    last, made_of = _last_rows(session, ids), _made_of()
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
            made_of.c.version,
        )
        .join(made_of, made_of.c.account_id == Account.id)
        .where(Account.id.in_(ids))
    )
    found = {}
    for row in session.execute(wanted):
        known, model = last.get(row.id, (None, None))
        days = days_to_score(known, last_full_day(row.time_zone, now), history)
        segment = segment_of(rules, Traits(row.tier, row.industry, row.region, row.stage))
        found[row.id] = Due(
            row.id,
            row.key,
            segment,
            days,
            row.version,
            row.seats or 1,
            first=known is None,
            again=days == [known],
            model_id=model,
        )
    return [found[one] for one in ids if one in found]


def _last_rows(session: Session, ids: Sequence[int]) -> dict[int, tuple[date, int | None]]:
    """Account → its newest day and that day's model."""
    newest = (
        select(HealthDay.account_id, func.max(HealthDay.day).label("day"))
        .where(HealthDay.account_id.in_(ids))
        .group_by(HealthDay.account_id)
        .subquery()
    )
    wanted = select(HealthDay.account_id, HealthDay.day, HealthDay.model_id).join(
        newest,
        (newest.c.account_id == HealthDay.account_id) & (newest.c.day == HealthDay.day),
    )
    return {account: (day, model) for account, day, model in session.execute(wanted)}


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
