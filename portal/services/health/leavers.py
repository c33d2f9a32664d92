"""Accounts that have left: they are scored up to the day of their last outcome, for the back-test.
One of which no outcome is noted is not scored any more.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.lifecycle import Stage
from portal.models import Account, HealthDay, HealthNewest, RenewalOutcome


def _outcomes() -> Any:
    return (
        select(RenewalOutcome.account_id, func.max(RenewalOutcome.day).label("day"))
        .group_by(RenewalOutcome.account_id)
        .subquery()
    )


def left_standing(made_of: Any) -> Any:
    """Each that has left with its newest score, whenever that was, what its figures are made of by
    now, and the day of its last outcome.
    """
    outcomes = _outcomes()
    return (
        select(
            Account.id,
            Account.parent_id,
            Account.time_zone,
            HealthDay.day,
            HealthDay.version,
            made_of.c.version.label("known"),
            outcomes.c.day.label("outcome"),
        )
        .join(outcomes, outcomes.c.account_id == Account.id)
        .join(made_of, made_of.c.account_id == Account.id)
        .outerjoin(HealthNewest, HealthNewest.account_id == Account.id)
        .outerjoin(
            HealthDay,
            (HealthDay.account_id == Account.id) & (HealthDay.day == HealthNewest.day),
        )
        .where(Account.stage == Stage.CHURNED)
        .order_by(Account.id)
    )


def read_outcome_days(session: Session, ids: Sequence[int]) -> dict[int, date]:
    """Of those that have left: the day of their last outcome."""
    outcomes = _outcomes()
    wanted = (
        select(Account.id, outcomes.c.day)
        .join(outcomes, outcomes.c.account_id == Account.id)
        .where(Account.id.in_(ids), Account.stage == Stage.CHURNED)
    )
    return dict(session.execute(wanted).all())
