"""Who stands behind a request: votes, followers, and the totals of a family."""

from sqlalchemy import ColumnElement, Select, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Forbidden
from portal.models import Request, RequestFollow, RequestVote, SharedRequest
from portal.services.requests.access import customer_id, take_request
from portal.services.requests.steps import finish
from portal.tenancy import scope_of, unscoped


def vote(session: Session, key: str) -> int:
    """The reader wants it too, and follows it; how many of the account do now. Commits. A second
    time changes nothing. Raises NotFound, Conflict.
    """
    return _voted(session, key, _own_id(session), by_id=None)


def take_vote_back(session: Session, key: str) -> int:
    """How many votes it has left; commits. A vote for what was merged into it goes as well. Raises
    NotFound, Conflict.
    """
    request = take_request(session, key)
    found = session.scalars(_votes_of(request.id, _own_id(session))).all()
    for one in found:
        session.delete(one)
    if found:
        count_voters(session, request)
        finish(session, "request.unvote", request)
    return request.voters


def vote_for(session: Session, key: str, user_key: str, reason: str = "") -> int:
    """A proxy vote: somebody of the vendor says that a person of the account wants it too. Commits.
    Raises Forbidden, NotFound, Conflict.
    """
    scope = scope_of(session)
    if scope.role.side != "vendor":
        raise Forbidden
    request = take_request(session, key)
    user_id = customer_id(session, request.account_id, user_key)
    return _voted(session, key, user_id, by_id=scope.user_id, reason=reason)


def follow(session: Session, key: str, *, active: bool = True) -> None:
    """The reader is told of each step, or no longer is. Commits. Raises NotFound, Conflict."""
    request = take_request(session, key)
    add_follower(session, request, _own_id(session), active=active, again=True)
    finish(session, "request.follow" if active else "request.unfollow", request)


def add_vote(
    session: Session, request: Request, user_id: int, by_id: int | None = None, reason: str = ""
) -> bool:
    """In the caller's transaction, which holds the request; whether it is a new one."""
    if session.get(RequestVote, (request.id, user_id)) is not None:
        return False
    session.add(
        RequestVote(
            account_id=request.account_id,
            request_id=request.id,
            user_id=user_id,
            by_id=by_id,
            reason=reason.strip()[:500],
            at=scope_of(session).now,
        )
    )
    session.flush()
    count_voters(session, request)
    return True


def has_voted(session: Session, request_id: int, user_id: int | None) -> bool:
    """For the request, or for one that was merged into it."""
    return session.scalars(_votes_of(request_id, user_id).limit(1)).first() is not None


def add_follower(
    session: Session, request: Request, user_id: int, *, active: bool = True, again: bool = False
) -> None:
    """In the caller's transaction. Who has said that they no longer want to be told is not made to
    follow by something else that they do, but where they ask for it (`again`).
    """
    found = session.get(RequestFollow, (request.id, user_id))
    if found is None:
        session.add(
            RequestFollow(
                account_id=request.account_id,
                request_id=request.id,
                user_id=user_id,
                active=active,
                at=scope_of(session).now,
            )
        )
        session.flush()
    elif again:
        found.active = active


def count_voters(session: Session, request: Request) -> None:
    """The distinct voters of the request and of those merged into it, and its family's totals."""
    session.flush()
    request.voters = session.scalar(_voters(request.id)) or 0
    if request.shared_id is not None:
        count_family(session, request.shared_id)


def count_family(session: Session, shared_id: int) -> None:
    """Distinct voters, and accounts, over the family. The caller holds the shared request's row."""
    session.flush()
    with unscoped(session, "totals of a shared request are over all accounts") as wide:
        people, accounts = wide.execute(_family_totals(shared_id)).one()
    shared = session.get_one(SharedRequest, shared_id)
    shared.people, shared.accounts = people, accounts


def family(shared_id: int) -> ColumnElement[bool]:
    """The condition on Request: it belongs to the family, or is merged into one that does."""
    root = aliased(Request)
    return or_(
        Request.shared_id == shared_id,
        Request.merged_into_id.in_(select(root.id).where(root.shared_id == shared_id)),
    )


def _votes_of(request_id: int, user_id: int | None) -> Select[RequestVote]:
    members = or_(Request.id == request_id, Request.merged_into_id == request_id)
    voted = select(RequestVote).join(Request, RequestVote.request_id == Request.id)
    return voted.where(members, RequestVote.user_id == user_id)


def _voters(request_id: int) -> Select[int]:
    members = or_(Request.id == request_id, Request.merged_into_id == request_id)
    voted = RequestVote.request_id == Request.id
    return select(func.count(distinct(RequestVote.user_id))).join(Request, voted).where(members)


def _family_totals(shared_id: int) -> Select[int, int]:
    people = func.count(distinct(RequestVote.user_id))
    return (
        select(people, func.count(distinct(Request.account_id)))
        .select_from(Request)
        .outerjoin(RequestVote, RequestVote.request_id == Request.id)
        .where(family(shared_id))
    )


def _voted(session: Session, key: str, user_id: int, by_id: int | None, reason: str = "") -> int:
    request = take_request(session, key)
    if add_vote(session, request, user_id, by_id, reason):
        add_follower(session, request, user_id)
        finish(session, "request.vote", request, proxy=by_id is not None)
    return request.voters


def _own_id(session: Session) -> int:
    found = scope_of(session).user_id
    if found is None:
        raise Forbidden
    return found
