"""What is linked to what, and how a request stood before: the rows behind merges.

A merge links what stands for itself to what stands for itself. So those that stand are a forest,
and what a row leads to is worked out from them alone, in whatever order they were made or undone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import Request, RequestConfirmation, RequestMerge, SharedRequest
from portal.services.requests.rewinding import rewind

REQUEST, FAMILY, SHARED = "request", "family", "shared"
"""RequestMerge.kind."""
Links = Mapping[int, int]
"""What was merged → what it was merged into, by the merges of a kind that stand."""
_MOMENTS = ("decided_at", "released_at", "settled_at", "paused_at")


def standing_links(session: Session, kind: str, account_id: int | None = None) -> Links:
    """`kind`: REQUEST (of an account) or SHARED."""
    wanted = select(RequestMerge.from_id, RequestMerge.into_id).where(
        RequestMerge.kind == kind, RequestMerge.undone_at.is_(None)
    )
    if account_id is not None:
        wanted = wanted.where(RequestMerge.account_id == account_id)
    return {row.from_id: row.into_id for row in session.execute(wanted)}


def root_of(links: Links, one: int) -> int:
    """What leads in a circle, which no merge of ours makes, ends where it has been before."""
    seen = set[int]()
    while one in links and one not in seen:
        seen.add(one)
        one = links[one]
    return one


def below(links: Links, top: int) -> list[int]:
    """All that has been merged into it, and into those, in order."""
    found, layer = set[int](), {top}
    while layer:
        layer = {one for one, into in links.items() if into in layer} - found - {top}
        found |= layer
    return sorted(found)


def homes(session: Session, members: Sequence[int], root_id: int) -> dict[int, int]:
    """The shared request that each was linked to, or joined at, whatever that was merged into
    since. `members`: requests of the family of `root_id`.
    """
    linked_to = select(RequestMerge.from_id, RequestMerge.into_id).where(
        RequestMerge.kind == FAMILY,
        RequestMerge.from_id.in_(members),
        RequestMerge.undone_at.is_(None),
    )
    found = {row.from_id: row.into_id for row in session.execute(linked_to)}
    if len(found) == len(members):
        return found
    moved = select(RequestMerge.from_id, RequestMerge.before).where(RequestMerge.kind == SHARED)
    first: dict[int, int] = {}
    for row in session.execute(moved.order_by(RequestMerge.id)):
        for one in row.before["members"]:
            first.setdefault(one, row.from_id)
    return {one: found.get(one) or first.get(one, root_id) for one in members}


def back_to(session: Session, request: Request, before: Mapping[str, Any]) -> None:
    """How it stood before the link, unless its customer has had the last word since."""
    answered = select(RequestConfirmation.user_id).where(
        RequestConfirmation.request_id == request.id,
        RequestConfirmation.release > before["release"],
        RequestConfirmation.answer != "",
    )
    if session.execute(answered.limit(1)).first() is not None:
        return
    for name in _MOMENTS:
        if name in before:
            said = before[name]
            setattr(request, name, None if said is None else datetime.fromisoformat(said))
    request.state = before["state"]
    request.paused_minutes = before.get("paused_minutes", request.paused_minutes)
    session.flush()
    rewind(session, [request.id])


def standing(request: Request) -> dict[str, Any]:
    """`release` only ever rises: an answer names the release that it is about."""
    moments = {name: getattr(request, name) for name in _MOMENTS}
    said = {name: None if at is None else at.isoformat() for name, at in moments.items()}
    counts = {"release": request.release, "paused_minutes": request.paused_minutes}
    return {"state": request.state, **counts, **said}


def linked(session: Session, request_id: int) -> list[int]:
    wanted = select(Request.id).where(Request.merged_into_id == request_id)
    return sorted(session.scalars(wanted))


def relink(session: Session, ids: Iterable[int], into_id: int) -> None:
    session.flush()
    changed = update(Request).where(Request.id.in_(ids)).values(merged_into_id=into_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def members_of(session: Session, *shared_ids: int) -> list[int]:
    wanted = select(Request.id).where(Request.shared_id.in_(shared_ids)).order_by(Request.id)
    return list(session.scalars(wanted))


def set_family(session: Session, ids: Iterable[int], shared_id: int) -> None:
    session.flush()
    changed = update(Request).where(Request.id.in_(ids)).values(shared_id=shared_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def linked_shared(session: Session, shared_id: int) -> list[int]:
    wanted = select(SharedRequest.id).where(SharedRequest.merged_into_id == shared_id)
    return sorted(session.scalars(wanted))


def relink_shared(session: Session, ids: Iterable[int], root_id: int) -> None:
    session.flush()
    changed = update(SharedRequest).where(SharedRequest.id.in_(ids)).values(merged_into_id=root_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))
