"""One request of all customers as product works on it: texts, family, what was linked when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.requests import Actor, Kind, Move, State, moves
from portal.models import (
    Account,
    Request,
    RequestMerge,
    SharedRequest,
    SharedRequestText,
    User,
)
from portal.services.requests.access import shared_id_of
from portal.services.requests.behind import Money, revenue_of
from portal.services.requests.links import FAMILY, REQUEST, SHARED, linked, linked_shared
from portal.services.requests.sharing import SharedText, Target, needs_product
from portal.services.requests.tracker import Tracked, tracker_of_shared

MOST_MEMBERS, MOST_MERGES = 200, 50


@dataclass(frozen=True, slots=True)
class Member:
    """A request of an account in the family. `joined`: the account has only joined; nothing of its
    own was told. `merge`: what to undo so that it leaves the family, empty where it was joined.
    """

    key: str
    code: str
    title: str
    state: State
    account: str
    requester: str
    private: bool
    joined: bool
    voters: int
    merge: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A link that was made. `kind` is RequestMerge's; `what` and `into` are codes."""

    key: str
    kind: str
    what: str
    into: str
    account: str
    by: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedWork:
    """`moves`: where product may take it from here."""

    key: str
    code: str
    kind: Kind
    state: State
    version: int
    texts: dict[str, SharedText]
    feature_key: str
    target: Target
    people: int
    accounts: int
    revenue: Money
    reason: str
    release_note: str
    published_at: datetime | None
    moves: list[Move]
    members: list[Member]
    merges: list[Merged]
    tracker: Tracked | None


def work_on_shared(session: Session, key: str) -> SharedWork:
    """The one that stands for it. Raises NotFound and Forbidden."""
    needs_product(session)
    shared = session.get_one(SharedRequest, shared_id_of(session, key))
    kind, state = Kind(shared.kind), State(shared.state)
    return SharedWork(
        key=shared.key,
        code=shared.code,
        kind=kind,
        state=state,
        version=shared.version,
        texts=_texts(session, shared.id),
        feature_key=shared.feature_key,
        target=Target(shared.target_on, shared.target_unit),
        people=shared.people,
        accounts=shared.accounts,
        revenue=revenue_of(session, [shared.id]).get(shared.id, {}),
        reason=shared.reason,
        release_note=shared.release_note,
        published_at=shared.published_at,
        moves=moves(kind, state, Actor.PRODUCT),
        members=_members(session, shared.id),
        merges=_merges(session, _about_shared(session, shared.id)),
        tracker=tracker_of_shared(session, shared.id),
    )


def merges_of_request(session: Session, request_id: int) -> list[Merged]:
    """What was linked to it, or to what it stands for, and what it was linked to, the newest
    first.
    """
    group = [request_id, *linked(session, request_id)]
    about = and_(
        RequestMerge.kind != SHARED,
        or_(
            RequestMerge.from_id == request_id,
            and_(RequestMerge.kind == REQUEST, RequestMerge.into_id.in_(group)),
        ),
    )
    return _merges(session, about)


def _texts(session: Session, shared_id: int) -> dict[str, SharedText]:
    rows = session.scalars(
        select(SharedRequestText).where(SharedRequestText.shared_id == shared_id)
    )
    return {row.locale: SharedText(row.title, row.body) for row in rows}


def _members(session: Session, shared_id: int) -> list[Member]:
    last = (
        select(func.max(RequestMerge.id))
        .where(
            RequestMerge.kind == FAMILY,
            RequestMerge.from_id == Request.id,
            RequestMerge.undone_at.is_(None),
        )
        .correlate(Request)
        .scalar_subquery()
    )
    wanted = (
        select(
            Request.key,
            Request.code,
            Request.title,
            Request.state,
            Account.name.label("account"),
            func.coalesce(User.name, Request.requester_name).label("requester"),
            Request.visibility,
            Request.joined,
            Request.voters,
            RequestMerge.key.label("merge"),
        )
        .join(Account, Account.id == Request.account_id)
        .outerjoin(User, User.id == Request.requester_id)
        .outerjoin(RequestMerge, RequestMerge.id == last)
        .where(Request.shared_id == shared_id, Request.merged_into_id.is_(None))
        .order_by(Request.voters.desc(), Request.id)
        .limit(MOST_MEMBERS)
    )
    return [_member(row) for row in session.execute(wanted)]


def _member(row: Any) -> Member:
    return Member(
        key=row.key,
        code=row.code,
        title=row.title,
        state=State(row.state),
        account=row.account,
        requester=row.requester,
        private=row.visibility == "private",
        joined=bool(row.joined),
        voters=row.voters,
        merge=row.merge or "",
    )


def _about_shared(session: Session, shared_id: int) -> Any:
    """Also what was linked to those that it stands for: each of them can be undone on its own."""
    group = [shared_id, *linked_shared(session, shared_id)]
    return or_(
        and_(RequestMerge.kind != REQUEST, RequestMerge.into_id.in_(group)),
        and_(RequestMerge.kind == SHARED, RequestMerge.from_id == shared_id),
    )


def _merges(session: Session, about: Any) -> list[Merged]:
    first, second = aliased(Request), aliased(Request)
    from_shared, into_shared = aliased(SharedRequest), aliased(SharedRequest)
    of_shared = RequestMerge.kind == SHARED
    wanted = (
        select(
            RequestMerge.key,
            RequestMerge.kind,
            func.coalesce(first.code, from_shared.code, "").label("what"),
            func.coalesce(second.code, into_shared.code, "").label("into"),
            func.coalesce(Account.name, "").label("account"),
            func.coalesce(User.name, "").label("by"),
            RequestMerge.at,
            RequestMerge.undone_at,
        )
        .outerjoin(first, and_(first.id == RequestMerge.from_id, ~of_shared))
        .outerjoin(from_shared, and_(from_shared.id == RequestMerge.from_id, of_shared))
        .outerjoin(second, and_(second.id == RequestMerge.into_id, RequestMerge.kind == REQUEST))
        .outerjoin(
            into_shared,
            and_(into_shared.id == RequestMerge.into_id, RequestMerge.kind != REQUEST),
        )
        .outerjoin(Account, Account.id == RequestMerge.account_id)
        .outerjoin(User, User.id == RequestMerge.by_id)
        .where(about)
        .order_by(RequestMerge.id.desc())
        .limit(MOST_MERGES)
    )
    return [Merged(*row) for row in session.execute(wanted)]
