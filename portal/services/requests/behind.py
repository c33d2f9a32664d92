"""What stands behind requests, for the vendor's people alone: the grade's parts, and revenue."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session

from portal.domain.request_grading import (
    BY_EFFECT,
    BY_ROLE,
    BY_TIER,
    UNJUDGED_FIT,
    UNKNOWN,
    Graded,
    Part,
    grade,
)
from portal.models import Account, Request, RequestGrade, User
from portal.tenancy import unscoped

Money = Mapping[str, Decimal]
"""Currency → yearly amount; never summed over currencies."""


def grades_of(session: Session, rows: Iterable[Any]) -> dict[int, tuple[Graded, ...]]:
    """Request's id → its four parts. `rows` have id, tier, role and effect."""
    kept = list(rows)
    given = given_parts(session, [row.id for row in kept])
    return {
        row.id: grade(row.tier, row.role or "", row.effect, given.get(row.id, {})) for row in kept
    }


def given_parts(session: Session, ids: Collection[int]) -> dict[int, dict[str, tuple[int, str]]]:
    """Request's id → part → what a person has set, with their reason."""
    wanted = select(
        RequestGrade.request_id, RequestGrade.part, RequestGrade.value, RequestGrade.reason
    ).where(RequestGrade.request_id.in_(ids))
    found: dict[int, dict[str, tuple[int, str]]] = {}
    for row in session.execute(wanted) if ids else ():
        found.setdefault(row.request_id, {})[row.part] = (row.value, row.reason)
    return found


def weighed(wanted: Select[Any], one: Any) -> tuple[Select[Any], ColumnElement[int]]:
    """The statement over `one` (Request), Account and the requester (User), with what each request
    weighs (domain.request_grading.priority), to be sorted by.
    """
    proposed = {
        Part.FIT: literal(UNJUDGED_FIT),
        Part.TIER: case(_plain(BY_TIER), value=Account.tier, else_=UNKNOWN),
        Part.ROLE: case(_plain(BY_ROLE), value=User.role, else_=UNKNOWN),
        Part.EFFECT: case(_plain(BY_EFFECT), value=one.effect, else_=UNKNOWN),
    }
    given = _given_together()
    weight: ColumnElement[int] = literal(1)
    for part, value in proposed.items():
        weight = weight * func.coalesce(given.c[part.value], value)
    return wanted.outerjoin(given, given.c.request_id == one.id), weight


def _given_together() -> Any:
    """What people have set of each request that somebody has graded: few, and read once."""
    parts = [
        func.max(case((RequestGrade.part == part.value, RequestGrade.value))).label(part.value)
        for part in Part
    ]
    return select(RequestGrade.request_id, *parts).group_by(RequestGrade.request_id).subquery()


def _plain(values: Mapping[str, int]) -> dict[str, int]:
    """The database driver knows no enumerations."""
    return {str(key): value for key, value in values.items()}


def revenue_of(session: Session, shared_ids: Collection[int]) -> dict[int, Money]:
    """Shared request's id → revenue of the distinct accounts of its family, over all accounts: a
    sum that names none of them.
    """
    if not shared_ids:
        return {}
    families = (
        select(Request.shared_id, Request.account_id)
        .where(Request.shared_id.in_(shared_ids))
        .distinct()
        .cte("families")
        # First the few of these families, whatever the walls let the planner believe.
        .prefix_with("MATERIALIZED")
    )
    wanted = (
        select(families.c.shared_id, Account.currency, Account.arr)
        .join(Account, Account.id == families.c.account_id)
        .where(Account.arr.is_not(None))
    )
    found: dict[int, Money] = {}
    with unscoped(session, "revenue behind a shared request is over all accounts") as wide:
        for row in wide.execute(wanted):
            sums = found.get(row.shared_id, {})
            currency = row.currency or ""
            so_far = sums.get(currency, Decimal(0))
            found[row.shared_id] = {**sums, currency: so_far + row.arr}
    return found


def own_revenue(currency: str | None, arr: Decimal | None) -> Money:
    return {} if arr is None else {currency or "": arr}
