"""The same thing told twice becomes one: links that can be taken back exactly.

Nothing is moved: votes, followers and messages stay where they were made, and are read over the
link. A link leads to what stands for itself, so there are no chains and no cycles.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import State, Visibility
from portal.models import Request, RequestConfirmation, RequestMerge, SharedRequest
from portal.services.audit import record
from portal.services.requests.access import lock_shared, take_request
from portal.services.requests.moving import shift
from portal.services.requests.sharing import take_shared
from portal.services.requests.steps import note_event
from portal.services.requests.voices import count_family, count_voters
from portal.tenancy import scope_of

REQUEST, FAMILY, SHARED = "request", "family", "shared"
_MOMENTS = ("decided_at", "released_at", "settled_at")


def merge_requests(session: Session, key: str, into_key: str) -> str:
    """Links a request to another of the same account, which stands for it from now on; the merge's
    key, to undo it by. Commits. Raises Forbidden, NotFound and Conflict.
    """
    _needs_desk(session)
    # In one order, whoever merges what, so that two never wait for each other.
    taken = {one: take_request(session, one) for one in sorted({key, into_key})}
    request, into = taken[key], taken[into_key]
    _check_pair(request, into)
    if request.shared_id is not None:
        raise Conflict("It belongs to a shared request: split it off first.", code="in-family")
    children = _linked(session, request.id)
    before = {"children": children}
    request.merged_into_id = into.id
    _relink(session, children, into.id)
    merge = _kept(session, REQUEST, (request.id, into.id), before, request.account_id)
    note_event(session, request, "merged", reason=into.code)
    note_event(session, into, "merged", reason=request.code)
    count_voters(session, into)
    return _done(session, "request.merge", merge, request.account_id)


def join_family(session: Session, key: str, shared_key: str) -> str:
    """Links a request to a shared one, with which it moves from now on; the merge's key. Commits.
    Raises Forbidden, NotFound and Conflict.
    """
    shared = take_shared(session, shared_key)
    request = take_request(session, key)
    merge = link_family(session, request, shared)
    return _done(session, "request.join_family", merge, request.account_id)


def link_family(session: Session, request: Request, shared: SharedRequest) -> RequestMerge:
    """In the caller's transaction, which holds both."""
    if request.kind != shared.kind:
        raise Conflict("They are of two kinds: change one first.", code="other-kind")
    if request.shared_id is not None:
        raise Conflict("It belongs to a shared request already.", code="in-family")
    before = _standing(request)
    request.shared_id = shared.id
    merge = _kept(session, FAMILY, (request.id, shared.id), before, request.account_id)
    note_event(session, request, "joined")
    state = State(shared.state)
    if state not in {State.SUBMITTED, State(request.state)}:
        shift(session, request, state, shared.reason)
    count_family(session, shared.id)
    return merge


def merge_shared(session: Session, key: str, into_key: str) -> str:
    """Links a shared request to another, which stands for it and takes its family in; the merge's
    key. Commits. Raises Forbidden, NotFound and Conflict.
    """
    if key == into_key:
        raise Conflict("A request cannot be merged with itself.", code="same")
    first, second = sorted([key, into_key])
    taken = {one: take_shared(session, one) for one in (first, second)}
    shared, into = taken[key], taken[into_key]
    if shared.id == into.id:
        raise Conflict("A request cannot be merged with itself.", code="same")
    if shared.kind != into.kind:
        raise Conflict("They are of two kinds: change one first.", code="other-kind")
    members = _members(session, shared.id)
    children = _shared_children(session, shared.id)
    before = {"members": members, "children": children, "standing": _standings(session, members)}
    shared.merged_into_id = into.id
    _set_family(session, members, into.id)
    _set_shared_root(session, children, into.id)
    merge = _kept(session, SHARED, (shared.id, into.id), before, None)
    _go_along(session, members, State(into.state), into.reason)
    for one in (shared.id, into.id):
        count_family(session, one)
    return _done(session, "shared_request.merge", merge, None)


def undo_merge(session: Session, merge_key: str) -> None:
    """Takes the link back: what stood before stands again, and what has been said and voted since
    stays with whom it was said to. Commits. Raises Forbidden, NotFound and Conflict (undone).
    """
    _needs_desk(session)
    merge = session.scalar(select(RequestMerge).where(RequestMerge.key == merge_key))
    if merge is None:
        raise NotFound
    if merge.undone_at is not None:
        raise Conflict("It has been undone already.", code="undone")
    {REQUEST: _part_requests, FAMILY: _leave_family, SHARED: _part_shared}[merge.kind](
        session, merge
    )
    merge.undone_at = scope_of(session).now
    _done(session, "request.unmerge", merge, merge.account_id)


def _part_requests(session: Session, merge: RequestMerge) -> None:
    into = _taken(session, merge.into_id)
    request = _taken(session, merge.from_id)
    if request.merged_into_id != into.id:
        raise Conflict("It has been linked elsewhere since.", code="changed-meanwhile")
    request.merged_into_id = None
    _relink(session, _still(session, merge.before["children"], merge.into_id), request.id)
    for one in (request, into):
        count_voters(session, one)
        note_event(session, one, "split")


def _leave_family(session: Session, merge: RequestMerge) -> None:
    shared = lock_shared(session, merge.into_id)
    request = _taken(session, merge.from_id)
    if request.shared_id != shared.id:
        raise Conflict("It has been linked elsewhere since.", code="changed-meanwhile")
    request.shared_id = None
    session.flush()
    count_family(session, shared.id)
    note_event(session, request, "split")
    _back_to(session, request, merge.before)


def _part_shared(session: Session, merge: RequestMerge) -> None:
    for one in sorted([merge.from_id, merge.into_id]):
        lock_shared(session, one)
    shared = session.get_one(SharedRequest, merge.from_id)
    shared.merged_into_id = None
    members = select(Request.id).where(
        Request.id.in_(merge.before["members"]), Request.shared_id == merge.into_id
    )
    back = list(session.scalars(members))
    _set_family(session, back, shared.id)
    _set_shared_root(session, merge.before["children"], shared.id)
    for request_id in back:
        _back_to(session, _taken(session, request_id), merge.before["standing"][str(request_id)])
    for one in (merge.from_id, merge.into_id):
        count_family(session, one)


def _back_to(session: Session, request: Request, before: dict[str, Any]) -> None:
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


def _standing(request: Request) -> dict[str, Any]:
    """`release` only ever rises: an answer names the release that it is about."""
    moments = {name: getattr(request, name) for name in _MOMENTS}
    said = {name: None if at is None else at.isoformat() for name, at in moments.items()}
    return {"state": request.state, "release": request.release, **said}


def _standings(session: Session, ids: list[int]) -> dict[str, Any]:
    members = session.scalars(select(Request).where(Request.id.in_(ids)))
    return {str(one.id): _standing(one) for one in members}


def _go_along(session: Session, members: list[int], state: State, reason: str) -> None:
    if state is State.SUBMITTED:
        return
    for request_id in members:
        request = _taken(session, request_id)
        if request.state not in {state.value, State.CONFIRMED, State.DECLINED}:
            shift(session, request, state, reason)


def _check_pair(request: Request, into: Request) -> None:
    if request.id == into.id:
        raise Conflict("A request cannot be merged with itself.", code="same")
    if request.account_id != into.account_id:
        raise Conflict(
            "They are of two accounts: link both to a shared request.", code="two-accounts"
        )
    if request.kind != into.kind:
        raise Conflict("They are of two kinds: change one first.", code="other-kind")
    wider = request.visibility == Visibility.COMPANY and into.visibility == Visibility.PRIVATE
    if wider:
        raise Conflict(
            "The company could no longer read it: merge the private one into the other.",
            code="hidden-target",
        )


def _linked(session: Session, request_id: int) -> list[int]:
    return list(session.scalars(select(Request.id).where(Request.merged_into_id == request_id)))


def _still(session: Session, ids: list[int], into_id: int) -> list[int]:
    wanted = select(Request.id).where(Request.id.in_(ids), Request.merged_into_id == into_id)
    return list(session.scalars(wanted))


def _relink(session: Session, ids: list[int], into_id: int) -> None:
    session.flush()
    changed = update(Request).where(Request.id.in_(ids)).values(merged_into_id=into_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def _members(session: Session, shared_id: int) -> list[int]:
    return list(session.scalars(select(Request.id).where(Request.shared_id == shared_id)))


def _set_family(session: Session, ids: list[int], shared_id: int) -> None:
    session.flush()
    changed = update(Request).where(Request.id.in_(ids)).values(shared_id=shared_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def _shared_children(session: Session, shared_id: int) -> list[int]:
    wanted = select(SharedRequest.id).where(SharedRequest.merged_into_id == shared_id)
    return list(session.scalars(wanted))


def _set_shared_root(session: Session, ids: list[int], root_id: int) -> None:
    session.flush()
    changed = update(SharedRequest).where(SharedRequest.id.in_(ids)).values(merged_into_id=root_id)
    session.execute(changed.execution_options(synchronize_session="fetch"))


def _taken(session: Session, request_id: int) -> Request:
    found = session.scalar(
        select(Request)
        .where(Request.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _kept(
    session: Session,
    kind: str,
    link: tuple[int, int],
    before: dict[str, Any],
    account_id: int | None,
) -> RequestMerge:
    """`link`: what leads where, as ids."""
    scope = scope_of(session)
    merge = RequestMerge(
        key=new_key(),
        account_id=account_id,
        kind=kind,
        from_id=link[0],
        into_id=link[1],
        before=before,
        at=scope.now,
        by_id=scope.user_id,
    )
    session.add(merge)
    session.flush()
    return merge


def _needs_desk(session: Session) -> None:
    if not scope_of(session).allows(Permission.REQUEST_DESK):
        raise Forbidden


def _done(session: Session, action: str, merge: RequestMerge, account_id: int | None) -> str:
    record(session, action, "request_merge", merge.key, account_id=account_id)
    session.commit()
    return merge.key
