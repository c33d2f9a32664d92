"""The one step that would lift a score most. A group's is its accounts' best, as much of it as
their seats make of the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.health import Component, Signals
from portal.domain.health_levers import Change, best_change
from portal.models import Account, HealthDay
from portal.services.health.book import HealthBook
from portal.services.health.days import STEP
from portal.services.health.stored import Books

DEEPEST = 8
"""Groups within groups; a circle ends there at the latest."""


@dataclass(frozen=True, slots=True)
class BestStep:
    """Where it is a group's account's, `key` and `name` tell which, and `share` how much of the
    group it is by its seats; the gain is the group's.
    """

    change: Change
    key: str = ""
    name: str = ""
    share: float = 1.0


def best_step(session: Session, one: HealthDay, models: Books, depth: int = 0) -> BestStep | None:
    """None where no step in reach would add anything. Two statements for each group."""
    if not one.members:
        return _own_step(one, models)
    if depth == DEEPEST:
        return None
    there = _members(session, one)
    members = [row for row in there if row.HealthDay.score is not None]
    own = _own_seats(session, one)
    total = own + sum(_seats(row) for row in members)
    if len(there) < one.members:  # some are out of the reader's reach
        total = max(total, one.own.get("seats") or 0)
    found = [] if not own else [_part(_own_step(one, models), own / total)]
    for row in members:
        step = _part(best_step(session, row.HealthDay, models, depth + 1), _seats(row) / total)
        found.append(step and replace(step, key=step.key or row.key, name=step.name or row.name))
    steps = [step for step in found if step is not None]
    return max(steps, key=lambda step: step.change.gain, default=None)


def _own_step(one: HealthDay, models: Books) -> BestStep | None:
    weights = models.get(one.model_id, HealthBook()).weights_of(one.segment)
    change = best_change(Signals(**one.signals), weights)
    return None if change is None else BestStep(change)


def _part(step: BestStep | None, share: float) -> BestStep | None:
    if step is None:
        return None
    change = replace(step.change, gain=step.change.gain * share)
    return replace(step, change=change, share=step.share * share)


def _members(session: Session, group: HealthDay) -> Sequence[Any]:
    """Of each the newest row of the week, as the group was made of them."""
    week = HealthDay.day.between(group.day - timedelta(days=STEP - 1), group.day)
    wanted = (
        select(HealthDay, Account.key, Account.name, Account.seats)
        .join(Account, Account.id == HealthDay.account_id)
        .where(Account.parent_id == group.account_id, week)
        .order_by(HealthDay.day)
    )
    return list({row.key: row for row in session.execute(wanted)}.values())


def _seats(row: Any) -> int:
    return max(row.HealthDay.own.get("seats") or row.seats or 1, 1)


def _own_seats(session: Session, group: HealthDay) -> int:
    """0 where it has no people of its own."""
    if group.own.get("values", {}).get(Component.ACTIVITY.value) is None:
        return 0
    return session.scalar(select(Account.seats).where(Account.id == group.account_id)) or 1
