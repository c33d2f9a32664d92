"""What is linked to what, and how a request stood before: the rows behind merges."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.models import Request, RequestConfirmation, SharedRequest

_MOMENTS = ("decided_at", "released_at", "settled_at")


def back_to(session: Session, request: Request, before: dict[str, Any]) -> None:
    """How it stood before the link, unless its customer has had the last word since."""
    answered = select(RequestConfirmation.user_id).where(
        RequestConfirmation.request_id == request.id,
        RequestConfirmation.release > before["release"],
        RequestConfirmation.answer != "",
    )
    if session.execute(answered.limit(1)).first() is not None:
        return
    for name in _MOMENTS:
        said = before[name]
        setattr(request, name, None if said is None else datetime.fromisoformat(said))
    request.state = before["state"]


def standing(request: Request) -> dict[str, Any]:
    """`release` only ever rises: an answer names the release that it is about."""
    moments = {name: getattr(request, name) for name in _MOMENTS}
    said = {name: None if at is None else at.isoformat() for name, at in moments.items()}
    return {"state": request.state, "release": request.release, **said}


def standings(session: Session, ids: list[int]) -> dict[str, Any]:
    members = session.scalars(select(Request).where(Request.id.in_(ids)))
    return {str(one.id): standing(one) for one in members}


def linked(session: Session, request_id: int) -> list[int]:
    return list(session.scalars(select(Request.id).where(Request.merged_into_id == request_id)))


def still_linked(session: Session, ids: list[int], into_id: int) -> list[int]:
    wanted = select(Request.id).where(Request.id.in_(ids), Request.merged_into_id == into_id)
    return list(session.scalars(wanted))


def relink(session: Session, ids: list[int], into_id: int) -> None:
    session.flush()
    changed = update(Request).where(Request.id.in_(ids)).values(merged_into_id=into_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def members_of(session: Session, shared_id: int) -> list[int]:
    wanted = select(Request.id).where(Request.shared_id == shared_id).order_by(Request.id)
    return list(session.scalars(wanted))


def set_family(session: Session, ids: list[int], shared_id: int) -> None:
    session.flush()
    changed = update(Request).where(Request.id.in_(ids)).values(shared_id=shared_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def linked_shared(session: Session, shared_id: int) -> list[int]:
    wanted = select(SharedRequest.id).where(SharedRequest.merged_into_id == shared_id)
    return list(session.scalars(wanted))


def relink_shared(session: Session, ids: list[int], root_id: int) -> None:
    session.flush()
    changed = update(SharedRequest).where(SharedRequest.id.in_(ids)).values(merged_into_id=root_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def taken(session: Session, request_id: int) -> Request:
    found = session.scalar(
        select(Request)
        .where(Request.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
