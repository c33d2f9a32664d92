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
from portal.services.health.days import (
    MOST_MISSED,
    days_before,
    days_to_score,
    read_member_begins,
    read_scored_days,
    read_written,
)
from portal.services.health.leavers import left_standing, read_outcome_days
from portal.services.segments import segment_rules
from portal.tenancy import scope_of
from portal.usage.days import zone_of


@dataclass(frozen=True, slots=True)
class Due:
    """An account and the days to write, ascending. `only_known`: those that are written only where
    there is a score. `again`: the day that was written before, by the model of `model_id`.
    """

    id: int
    key: str
    segment: str
    days: list[date]
    version: int
    seats: int
    only_known: frozenset[date]
    again: date | None
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
    now, made_of = scope_of(session).now, _made_of()
    # What is older is found out account by account: nobody waits for that but the one concerned.
    rows = session.execute(_standing(made_of, now.date() - timedelta(days=MOST_MISSED + 2))).all()
    left = session.execute(left_standing(made_of)).all()
    due = [row.id for row in rows if _lacks(row, last_full_day(row.time_zone, now))]
    due += [
        row.id for row in left if _lacks(row, min(last_full_day(row.time_zone, now), row.outcome))
    ]
    return inner_first(due, {row.id: row.parent_id for row in (*rows, *left)})


def _lacks(row: Any, last: date) -> bool:
    return row.day is None or row.day < last or row.version != row.known


def _standing(made_of: Any, recent: date) -> Any:
    """Each account with its last score since then, and what its figures are made of by now."""
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
    """In the order of `ids`, where groups come after what they are made of."""
    rows = {row.id: row for row in session.execute(_facts(ids))}
    plan = _Plan(session, ids, history)
    rules = segment_rules(session)
    early = {one: plan.early(rows[one]) for one in ids if one in rows}
    kept = read_scored_days(session, [one for one, days in early.items() if days])
    found = []
    for one, before in early.items():
        row, written = rows[one], plan.written.get(one)
        fresh = plan.fresh(row)
        days = {day for day in before if (one, day) not in kept} | set(fresh)
        found.append(
            Due(
                one,
                row.key,
                segment_of(rules, Traits(row.tier, row.industry, row.region, row.stage)),
                sorted(days),
                row.version,
                row.seats or 1,
                only_known=frozenset(before[1:] if written else fresh[:-1]),
                again=written.newest if written and fresh == [written.newest] else None,
                model_id=written.model_id if written else None,
            )
        )
    return found


def _facts(ids: Sequence[int]) -> Any:
    made_of = _made_of()
    return (
        select(
            Account.id,
            Account.key,
            Account.parent_id,
            Account.time_zone,
            Account.seats,
            Account.tier,
            Account.industry,
            Account.region,
            Account.stage,
            UsageAccount.first_at,
            made_of.c.version,
        )
        .join(made_of, made_of.c.account_id == Account.id)
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .where(Account.id.in_(ids))
    )


class _Plan:
    """Which days each of these accounts is to be scored for."""

    def __init__(self, session: Session, ids: Sequence[int], history: int) -> None:
        self._now = scope_of(session).now
        self._history = history
        self.written = read_written(session, ids)
        self._outcomes = read_outcome_days(session, ids)
        self._members = dict(read_member_begins(session, ids))

    def fresh(self, row: Any) -> list[date]:
        """Since the newest row; without one, as far back as the history goes."""
        written = self.written.get(row.id)
        return days_to_score(written.newest if written else None, self._last(row), self._history)

    def early(self, row: Any) -> list[date]:
        """From before the first row. To be asked of what a group is made of first."""
        written, members = self.written.get(row.id), self._members.get(row.id)
        own = row.first_at and row.first_at.astimezone(zone_of(row.time_zone)).date()
        began = min((day for day in (own, members) if day), default=None)
        more = written is not None and (written.version != row.version or members is not None)
        days = days_before(written, began, self._last(row), self._history, more_known=more)
        if days and row.parent_id is not None:
            first = self._members.get(row.parent_id, days[0])
            self._members[row.parent_id] = min(first, days[0])
        return days

    def _last(self, row: Any) -> date:
        full = last_full_day(row.time_zone, self._now)
        outcome, written = self._outcomes.get(row.id), self.written.get(row.id)
        if outcome is None:
            return full
        return max(min(outcome, full), written.newest) if written else min(outcome, full)
