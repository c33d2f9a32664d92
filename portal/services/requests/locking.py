"""Rows taken in hand in one order: shared requests before requests, each by their number.

Whoever changes requests takes all that they will change with one call, so that no two of them ever
wait for each other; what was linked elsewhere meanwhile is looked up again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict
from portal.models import Request, SharedRequest

_TRIES = 5
Row = TypeVar("Row", SharedRequest, Request)


@dataclass(frozen=True, slots=True)
class Places:
    """What is to be locked: numbers of shared requests, and of requests by what they are named."""

    families: frozenset[int] = frozenset()
    requests: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The locked rows as they are now: shared requests by number, requests in the order of their
    places.
    """

    families: dict[int, SharedRequest]
    requests: list[Request]


def lock_places(session: Session, look: Callable[[], Places]) -> Held:
    """Locks what `look` finds until the caller's transaction ends. Where it finds something else
    once they are locked, they are let go and it looks again. Raises Conflict where that goes on.
    """
    for _try in range(_TRIES):
        with session.begin_nested() as attempt:
            places = look()
            families = lock_families(session, places.families)
            requests = lock_requests(session, places.requests)
            if look() == places:
                return Held(families, [requests[one] for one in places.requests])
            attempt.rollback()
    raise Conflict("Somebody has just moved it. Look again.", code="changed-meanwhile")


def lock_families(session: Session, ids: Iterable[int]) -> dict[int, SharedRequest]:
    return _locked(session, SharedRequest, ids)


def lock_requests(session: Session, ids: Iterable[int]) -> dict[int, Request]:
    return _locked(session, Request, ids)


def _locked(session: Session, model: type[Row], ids: Iterable[int]) -> dict[int, Row]:
    wanted = set(ids)
    if not wanted:
        return {}
    statement = select(model).where(model.id.in_(wanted)).order_by(model.id).with_for_update()
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return {row.id: row for row in rows}
