"""What the reader and their account have to do with requests of all customers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.models import Request, RequestVote
from portal.services.requests.access import readable
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class OwnPart:
    """`key` of the account's own request in the family that the reader may see, the oldest; empty
    where there is none. `asked`: the reader handed it in. `voted`: their vote is in the family.
    """

    key: str = ""
    asked: bool = False
    voted: bool = False


def own_parts(session: Session, shared_ids: Sequence[int]) -> dict[int, OwnPart]:
    """By the shared request's id, of a customer's reader. Two statements."""
    scope = scope_of(session)
    if scope.role.side != "customer" or not shared_ids:
        return {}
    wanted = (
        select(Request.shared_id, Request.key, Request.requester_id)
        .where(
            Request.shared_id.in_(shared_ids),
            Request.merged_into_id.is_(None),
            readable(session),
        )
        .order_by(Request.id.desc())
    )
    keys, asked = {}, set()
    for row in session.execute(wanted):
        keys[row.shared_id] = row.key
        if row.requester_id == scope.user_id:
            asked.add(row.shared_id)
    voted = _voted(session, shared_ids)
    return {one: OwnPart(keys.get(one, ""), one in asked, one in voted) for one in {*keys, *voted}}


def _voted(session: Session, shared_ids: Sequence[int]) -> set[int]:
    """In which of the families the reader's vote is, over what is merged too."""
    root = aliased(Request)
    wanted = (
        select(root.shared_id)
        .join(Request, func.coalesce(Request.merged_into_id, Request.id) == root.id)
        .join(RequestVote, RequestVote.request_id == Request.id)
        .where(
            RequestVote.user_id == scope_of(session).user_id,
            root.shared_id.in_(shared_ids),
        )
    )
    return {one for one in session.scalars(wanted) if one is not None}
