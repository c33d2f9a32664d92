"""Which requests the session's reader may see, and how one is taken in hand to be changed.

The account is the guard's matter (portal.tenancy). Within it a customer reads what is the company's
and what is their own; every read of requests starts from `readable`.
"""

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import Actor, Visibility
from portal.models import Request, SharedRequest, User
from portal.tenancy import Scope, scope_of


def readable(session: Session) -> ColumnElement[bool]:
    """The condition on Request beside that of the account."""
    scope = scope_of(session)
    if scope.role.side == "vendor":
        return true()
    return or_(
        Request.visibility == Visibility.COMPANY.value, Request.requester_id == scope.user_id
    )


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
    found = find_request(session, key)
    wanted = select(Request).where(Request.id == (found.merged_into_id or found.id))
    root = session.scalar(wanted)
    shared_id = None if root is None else root.shared_id
    if shared_id is not None:
        lock_shared(session, shared_id)
    locking = wanted.with_for_update().execution_options(populate_existing=True)
    request = session.scalar(locking)
    if request is None or request.shared_id != shared_id:
        raise Conflict("Somebody has just moved it. Look again.", code="changed-meanwhile")
    if version is not None and request.version != version:
        raise Conflict("Somebody has changed it meanwhile. Look again.", code="changed-meanwhile")
    return request


def lock_shared(session: Session, shared_id: int) -> SharedRequest:
    """Raises NotFound."""
    found = session.scalar(
        select(SharedRequest)
        .where(SharedRequest.id == shared_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
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
