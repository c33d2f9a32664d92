"""The same thing told twice becomes one: links that can be taken back exactly.

Nothing is moved: votes, followers and messages stay where they were made, and are read over the
link. A link leads to what stands for itself, so there are no chains and no cycles.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict
from portal.domain.requests import State, Visibility, follows_family
from portal.models import Request, RequestMerge, SharedRequest
from portal.services.audit import record
from portal.services.requests.access import places_of, shared_id_of
from portal.services.requests.acts import needs_desk
from portal.services.requests.links import (
    FAMILY,
    REQUEST,
    SHARED,
    linked,
    linked_shared,
    members_of,
    relink,
    relink_shared,
    set_family,
    standing,
)
from portal.services.requests.locking import Places, lock_places, lock_requests
from portal.services.requests.moving import shift
from portal.services.requests.sharing import needs_product
from portal.services.requests.steps import note_event
from portal.services.requests.voices import count_family, count_voters
from portal.tenancy import scope_of


def merge_requests(session: Session, key: str, into_key: str) -> str:
    """Links a request to another of the same account, which stands for it from now on; the merge's
    key, to undo it by. Commits. Raises Forbidden, NotFound and Conflict.
    """
    needs_desk(session)
    request, into = _take_pair(session, key, into_key)
    _check_pair(request, into)
    if request.shared_id is not None:
        raise Conflict("It belongs to a shared request: split it off first.", code="in-family")
    children = linked(session, request.id)
    request.merged_into_id = into.id
    relink(session, children, into.id)
    merge = _kept(session, REQUEST, (request.id, into.id), {}, request.account_id)
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
    if _goes_along(request, state):
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
    # Nobody joins or leaves while the families are held.
    all_members = lock_requests(session, members_of(session, shared.id, into.id)).values()
    members = [one for one in all_members if one.shared_id == shared.id]
    merge = _link_shared(session, shared, into, members)
    for request in all_members:
        note_event(session, request, "family_merged")
    for request in members:
        if _goes_along(request, State(into.state)):
            shift(session, request, State(into.state), into.reason)
    for one in (shared.id, into.id):
        count_family(session, one)
    return _done(session, "shared_request.merge", merge, None)


def _link_shared(
    session: Session, shared: SharedRequest, into: SharedRequest, members: list[Request]
) -> RequestMerge:
    """`before` says how each request of its family stood: by that it is put back, and by that one
    knows who belonged to it.
    """
    ids = [one.id for one in members]
    before = {"members": ids, "standing": {str(one.id): standing(one) for one in members}}
    relink_shared(session, linked_shared(session, shared.id), into.id)
    shared.merged_into_id = into.id
    set_family(session, ids, into.id)
    return _kept(session, SHARED, (shared.id, into.id), before, None)


def _goes_along(request: Request, state: State) -> bool:
    here = State(request.state)
    return state not in {State.SUBMITTED, here} and follows_family(here)


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


def _done(session: Session, action: str, merge: RequestMerge, account_id: int | None) -> str:
    record(session, action, "request_merge", merge.key, account_id=account_id)
    session.commit()
    return merge.key
