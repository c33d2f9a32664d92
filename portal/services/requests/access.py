"""Which requests the session's reader may see, and how one is taken in hand to be changed.

The account is the guard's matter (portal.tenancy). Within it a customer reads what is the company's
and what is their own; every read of requests starts from `readable`.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import Actor, Visibility
from portal.models import Request, SharedRequest, User
from portal.services.requests.locking import Places, lock_places
from portal.tenancy import Scope, scope_of


def readable(session: Session, row: type[Request] = Request) -> ColumnElement[bool]:
    """The condition on Request, or on `row` (an alias of it), beside that of the account."""
    scope = scope_of(session)
    return readable_by(vendor=scope.role.side == "vendor", user_id=scope.user_id, row=row)


def readable_by(
    *, vendor: bool, user_id: int | None, row: type[Request] = Request
) -> ColumnElement[bool]:
    """The same of one side and one person, None for a machine."""
    if vendor:
        return true()
    companys = row.visibility == Visibility.COMPANY.value
    if user_id is None:
        return companys
    return or_(companys, row.requester_id == user_id)


def find_request(session: Session, key: str) -> Request:
    """Raises NotFound, also for what the reader may not see."""
    found = session.scalar(select(Request).where(Request.key == key, readable(session)))
    if found is None:
        raise NotFound
    return found


def take_request(session: Session, key: str, version: int | None = None) -> Request:
    """To be changed in this transaction: nobody else does meanwhile. Where it is merged it is the
    one that stands for it. `version`: the one that the reader has seen. Raises NotFound, and
    Conflict where it has been changed since.

    Its shared request is locked before it, as everywhere, so that two never wait for each other.
    """
    request = lock_places(session, lambda: places_of(session, key)).requests[0]
    if version is not None and request.version != version:
        raise Conflict("Somebody has changed it meanwhile. Look again.", code="changed-meanwhile")
    return request


def places_of(session: Session, *keys: str) -> Places:
    """Those that stand for the requests of these keys, in this order, and their families. Raises
    NotFound.
    """
    rows = [_standing_row(session, key) for key in keys]
    families = frozenset(row.shared_id for row in rows if row.shared_id is not None)
    return Places(families, tuple(row.id for row in rows))


def _standing_row(session: Session, key: str) -> Any:
    root = aliased(Request)
    row = session.execute(
        select(root.id, root.shared_id)
        .join(Request, root.id == func.coalesce(Request.merged_into_id, Request.id))
        .where(Request.key == key, readable(session))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def take_shared_row(session: Session, key: str) -> SharedRequest:
    """To be changed in this transaction, as `take_request`. Raises NotFound and Conflict."""

    def look() -> Places:
        return Places(frozenset({shared_id_of(session, key)}))

    (found,) = lock_places(session, look).families.values()
    return found


def shared_id_of(session: Session, key: str) -> int:
    """The one that stands for it, where it has been merged. Customers reach the published alone.
    Raises NotFound.
    """
    wanted = select(SharedRequest.id, SharedRequest.merged_into_id, SharedRequest.published_at)
    row = session.execute(wanted.where(SharedRequest.key == key)).one_or_none()
    if row is not None and row.merged_into_id is not None:
        row = session.execute(wanted.where(SharedRequest.id == row.merged_into_id)).one_or_none()
    hidden = row is not None and row.published_at is None
    if row is None or (hidden and scope_of(session).role.side != "vendor"):
        raise NotFound
    found: int = row.id
    return found


def actor_of(scope: Scope) -> Actor:
    """As whom the reader moves requests. Raises Forbidden where they move none."""
    if scope.allows(Permission.REQUEST_TRIAGE):
        return Actor.PRODUCT
    if scope.allows(Permission.REQUEST_DESK):
        return Actor.CSM
    if scope.allows(Permission.REQUEST_WRITE):
        return Actor.CUSTOMER
    raise Forbidden


def customer_id(session: Session, account_id: int, key: str) -> int:
    """The id of somebody of the account who may sign in. Raises NotFound."""
    wanted = select(User.id).where(User.key == key, User.account_id == account_id, User.active)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found
