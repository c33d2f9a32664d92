"""The same thing told twice becomes one: links that can be taken back exactly.

Nothing is moved: votes, followers and messages stay where they were made, and are read over the
link. A link leads to what stands for itself, so there are no chains and no cycles.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import State, Visibility
from portal.models import Request, RequestMerge, SharedRequest
from portal.services.audit import record
from portal.services.requests.access import places_of, shared_id_of
from portal.services.requests.links import (
    back_to,
    linked,
    linked_shared,
    members_of,
    relink,
    relink_shared,
    set_family,
    standing,
    standings,
    still_linked,
    taken,
)
from portal.services.requests.locking import Places, lock_families, lock_places, lock_requests
from portal.services.requests.moving import shift
from portal.services.requests.sharing import needs_product
from portal.services.requests.steps import note_event
from portal.services.requests.voices import count_family, count_voters
from portal.tenancy import scope_of

REQUEST, FAMILY, SHARED = "request", "family", "shared"


def merge_requests(session: Session, key: str, into_key: str) -> str:
    """Links a request to another of the same account, which stands for it from now on; the merge's
    key, to undo it by. Commits. Raises Forbidden, NotFound and Conflict.
    """
    _needs_desk(session)
    request, into = _take_pair(session, key, into_key)
    _check_pair(request, into)
    if request.shared_id is not None:
        raise Conflict("It belongs to a shared request: split it off first.", code="in-family")
    children = linked(session, request.id)
    before = {"children": children}
    request.merged_into_id = into.id
    relink(session, children, into.id)
    merge = _kept(session, REQUEST, (request.id, into.id), before, request.account_id)
    note_event(session, request, "merged", reason=into.code)
    note_event(session, into, "merged", reason=request.code)
    count_voters(session, into)
    return _done(session, "request.merge", merge, request.account_id)


def join_family(session: Session, key: str, shared_key: str) -> str:
    """Links a request to a shared one, with which it moves from now on; the merge's key. Commits.
    Raises Forbidden, NotFound and Conflict.
    """
    needs_product(session)

    def look() -> Places:
        own = places_of(session, key)
        return replace(own, families=own.families | {shared_id_of(session, shared_key)})

    held = lock_places(session, look)
    shared = held.families[shared_id_of(session, shared_key)]
    request = held.requests[0]
    merge = link_family(session, request, shared)
    return _done(session, "request.join_family", merge, request.account_id)


def link_family(session: Session, request: Request, shared: SharedRequest) -> RequestMerge:
    """In the caller's transaction, which holds both."""
    if request.kind != shared.kind:
        raise Conflict("They are of two kinds: change one first.", code="other-kind")
    if request.shared_id is not None:
        raise Conflict("It belongs to a shared request already.", code="in-family")
    before = standing(request)
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
    needs_product(session)

    def ids() -> tuple[int, int]:
        return shared_id_of(session, key), shared_id_of(session, into_key)

    def look() -> Places:
        both = ids()
        return Places(frozenset((*both, *linked_shared(session, both[0]))))

    held = lock_places(session, look).families
    shared, into = (held[one] for one in ids())
    if shared.id == into.id:
        raise Conflict("A request cannot be merged with itself.", code="same")
    if shared.kind != into.kind:
        raise Conflict("They are of two kinds: change one first.", code="other-kind")
    members = members_of(session, shared.id)
    lock_requests(session, members)
    children = linked_shared(session, shared.id)
    before = {"members": members, "children": children, "standing": standings(session, members)}
    shared.merged_into_id = into.id
    set_family(session, members, into.id)
    relink_shared(session, children, into.id)
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
    wanted = select(RequestMerge).where(RequestMerge.key == merge_key).with_for_update()
    merge = session.scalar(wanted.execution_options(populate_existing=True))
    if merge is None:
        raise NotFound
    if merge.kind != REQUEST and not scope_of(session).allows(Permission.REQUEST_TRIAGE):
        raise Forbidden
    if merge.undone_at is not None:
        raise Conflict("It has been undone already.", code="undone")
    {REQUEST: _part_requests, FAMILY: _leave_family, SHARED: _part_shared}[merge.kind](
        session, merge
    )
    merge.undone_at = scope_of(session).now
    _done(session, "request.unmerge", merge, merge.account_id)


def _part_requests(session: Session, merge: RequestMerge) -> None:
    held = lock_places(session, lambda: _with_family(session, merge.into_id, merge.from_id))
    into, request = held.requests
    if request.merged_into_id != into.id:
        raise Conflict("It has been linked elsewhere since.", code="changed-meanwhile")
    request.merged_into_id = None
    relink(session, still_linked(session, merge.before["children"], merge.into_id), request.id)
    for one in (request, into):
        count_voters(session, one)
        note_event(session, one, "split")


def _leave_family(session: Session, merge: RequestMerge) -> None:
    shared = lock_families(session, [merge.into_id])[merge.into_id]
    request = taken(session, merge.from_id)
    if request.shared_id != shared.id:
        raise Conflict("It has been linked elsewhere since.", code="changed-meanwhile")
    request.shared_id = None
    session.flush()
    count_family(session, shared.id)
    note_event(session, request, "split")
    back_to(session, request, merge.before)


def _part_shared(session: Session, merge: RequestMerge) -> None:
    children = merge.before["children"]
    shared = lock_families(session, [merge.from_id, merge.into_id, *children])[merge.from_id]
    if shared.merged_into_id != merge.into_id:
        raise Conflict("It has been linked elsewhere since.", code="changed-meanwhile")
    shared.merged_into_id = None
    members = select(Request.id).where(
        Request.id.in_(merge.before["members"]), Request.shared_id == merge.into_id
    )
    back = sorted(session.scalars(members))
    lock_requests(session, back)
    set_family(session, back, shared.id)
    relink_shared(session, children, shared.id)
    for request_id in back:
        back_to(session, taken(session, request_id), merge.before["standing"][str(request_id)])
    for one in (merge.from_id, merge.into_id):
        count_family(session, one)


def _go_along(session: Session, members: list[int], state: State, reason: str) -> None:
    if state is State.SUBMITTED:
        return
    for request_id in members:
        request = taken(session, request_id)
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
    own = request.visibility == Visibility.PRIVATE and request.requester_id == into.requester_id
    if into.visibility == Visibility.PRIVATE and not own:
        raise Conflict(
            "Some could no longer read it: merge the private one into the other.",
            code="hidden-target",
        )


def _take_pair(session: Session, key: str, into_key: str) -> tuple[Request, Request]:
    """With what is linked to the first, which is linked on."""

    def look() -> Places:
        both = places_of(session, key, into_key)
        children = sorted(linked(session, both.requests[0]))
        return replace(both, requests=(*both.requests, *children))

    first, second = lock_places(session, look).requests[:2]
    return first, second


def _with_family(session: Session, into_id: int, from_id: int) -> Places:
    shared_id = session.scalar(select(Request.shared_id).where(Request.id == into_id))
    families = frozenset() if shared_id is None else frozenset({shared_id})
    return Places(families, (into_id, from_id))


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
