"""A reader finds their matter among those of all customers: "this is mine too"."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import Channel, State, Visibility
from portal.locales import DEFAULT_LOCALE
from portal.models import Request, SharedRequest, SharedRequestText
from portal.services.requests.access import take_shared_row
from portal.services.requests.handing_in import add_with_code
from portal.services.requests.locking import lock_requests
from portal.services.requests.moving import ask_whether_it_works
from portal.services.requests.steps import finish, note_event
from portal.services.requests.voices import add_follower, add_vote
from portal.tenancy import scope_of


def join_shared(session: Session, shared_key: str) -> str:
    """The reader votes for a shared request and follows it: over their account's own request in its
    family, which is made where there is none. That request's key; commits. A second time changes
    nothing. Raises Forbidden and NotFound.
    """
    scope = scope_of(session)
    if not scope.allows(Permission.REQUEST_WRITE) or scope.user_id is None:
        raise Forbidden
    if scope.role.side != "customer":
        raise Conflict(
            "Customers join for themselves: vote for them on their own request.", code="own-vote"
        )
    shared = take_shared_row(session, shared_key)
    request = standing_for(session, shared.id)
    if request is None:
        request = _joined(session, shared)
    else:
        lock_requests(session, [request.id])
    if add_vote(session, request, scope.user_id):
        add_follower(session, request, scope.user_id, again=True)
        if request.state == State.RELEASED:
            ask_whether_it_works(session, request)
    finish(session, "request.join", request, shared=shared.key)
    return request.key


def standing_for(session: Session, shared_id: int) -> Request | None:
    """The company's own request in the family: the one that everybody there may read and vote for,
    the oldest of them.
    """
    return session.scalar(
        select(Request)
        .where(
            Request.shared_id == shared_id,
            Request.account_id == scope_of(session).account_id,
            Request.visibility == Visibility.COMPANY.value,
            Request.merged_into_id.is_(None),
        )
        .order_by(Request.id)
        .limit(1)
    )


def _joined(session: Session, shared: SharedRequest) -> Request:
    scope = scope_of(session)
    title = session.scalar(
        select(SharedRequestText.title).where(
            SharedRequestText.shared_id == shared.id, SharedRequestText.locale == DEFAULT_LOCALE
        )
    )
    if title is None:
        raise NotFound
    request = Request(
        key=new_key(),
        account_id=scope.account_id,
        kind=shared.kind,
        state=shared.state,
        visibility=Visibility.COMPANY.value,
        title=title,
        told={},
        text="",
        locale=scope.locale,
        feature_key=shared.feature_key,
        channel=Channel.PORTAL.value,
        requester_id=scope.user_id,
        shared_id=shared.id,
        joined=True,
        release=shared.release,
        release_note=shared.release_note,
        released_at=shared.released_at,
        created_at=scope.now,
        updated_at=scope.now,
    )
    add_with_code(session, request)
    note_event(session, request, "joined")
    return request
