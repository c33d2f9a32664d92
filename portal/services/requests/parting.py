"""A merge is taken back, at any time and in whatever order: what it alone had changed stands as it
did before, and every other link holds.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.permissions import Permission
from portal.models import Request, RequestMerge
from portal.services.audit import record
from portal.services.requests.acts import needs_desk
from portal.services.requests.links import (
    FAMILY,
    REQUEST,
    SHARED,
    back_to,
    below,
    homes,
    members_of,
    relink,
    relink_shared,
    root_of,
    set_family,
    standing_links,
)
from portal.services.requests.locking import Places, lock_places, lock_requests
from portal.services.requests.steps import note_event
from portal.services.requests.voices import count_family, count_voters
from portal.tenancy import scope_of


def undo_merge(session: Session, merge_key: str) -> None:
    """What has been said and voted since stays with whom it was said to. Commits. Raises Forbidden,
    NotFound and Conflict (undone).
    """
    needs_desk(session)
    wanted = select(RequestMerge).where(RequestMerge.key == merge_key).with_for_update()
    merge = session.scalar(wanted.execution_options(populate_existing=True))
    if merge is None:
        raise NotFound
    if merge.kind != REQUEST and not scope_of(session).allows(Permission.REQUEST_TRIAGE):
        raise Forbidden
    if merge.undone_at is not None:
        raise Conflict("It has been undone already.", code="undone")
    parts = {REQUEST: _part_requests, FAMILY: _leave_family, SHARED: _part_shared}
    parts[merge.kind](session, merge)
    merge.undone_at = scope_of(session).now
    record(session, "request.unmerge", "request_merge", merge.key, account_id=merge.account_id)
    session.commit()


def _part_requests(session: Session, merge: RequestMerge) -> None:
    """With what was merged into it before and since; it leaves what stands for all of them now."""

    def look() -> Places:
        links = standing_links(session, REQUEST, merge.account_id)
        root_id = root_of(links, merge.into_id)
        shared_id = session.scalar(select(Request.shared_id).where(Request.id == root_id))
        families = frozenset() if shared_id is None else frozenset({shared_id})
        return Places(families, (root_id, merge.from_id, *below(links, merge.from_id)))

    root, request, *with_it = lock_places(session, look).requests
    _check_linked(request.merged_into_id, root.id)
    request.merged_into_id = None
    relink(session, [one.id for one in with_it], request.id)
    for one in (request, root):
        count_voters(session, one)
        note_event(session, one, "split")


def _leave_family(session: Session, merge: RequestMerge) -> None:
    def look() -> Places:
        shared_id = root_of(standing_links(session, SHARED), merge.into_id)
        return Places(frozenset({shared_id}), (merge.from_id,))

    held = lock_places(session, look)
    (request,), (shared_id,) = held.requests, held.families
    _check_linked(request.shared_id, shared_id)
    request.shared_id = None
    session.flush()
    count_family(session, shared_id)
    back_to(session, request, merge.before)
    note_event(session, request, "split")


def _part_shared(session: Session, merge: RequestMerge) -> None:
    """What was linked to it, or joined at it, goes with it; what came to the family that took it in
    stays there.
    """

    def look() -> Places:
        links = standing_links(session, SHARED)
        root_id = root_of(links, merge.into_id)
        return Places(frozenset((merge.from_id, root_id, *below(links, merge.from_id))))

    held = lock_places(session, look).families
    shared, root_id = held[merge.from_id], root_of(standing_links(session, SHARED), merge.into_id)
    _check_linked(shared.merged_into_id, root_id)
    # Nobody joins or leaves while the families are held.
    members = lock_requests(session, members_of(session, root_id))
    home, parted = homes(session, list(members), root_id), {*held} - {root_id}
    back = [one for one in members.values() if home[one.id] in parted]
    shared.merged_into_id = None
    set_family(session, [one.id for one in back], shared.id)
    relink_shared(session, parted - {shared.id}, shared.id)
    for request in back:
        before = merge.before["standing"].get(str(request.id))
        if before is not None:
            back_to(session, request, before)
    for one in (shared.id, root_id):
        count_family(session, one)
    for request in members.values():
        note_event(session, request, "family_split")


def _check_linked(link: int | None, root_id: int) -> None:
    """Raises Conflict where the row says otherwise than the merges do."""
    if link != root_id:
        raise Conflict("It has been linked elsewhere since.", code="changed-meanwhile")
