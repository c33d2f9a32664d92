"""The last steps of requests that are an account's own, for whoever follows them elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.domain.requests import Kind, State
from portal.models import Account, Request, RequestEvent
from portal.services.requests.access import readable
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class NewestStep:
    """`id` is the step's own, `account` the name of whose request it is."""

    id: int
    key: str
    code: str
    title: str
    account: str
    kind: Kind
    state: State
    at: datetime


def newest_steps(session: Session, most: int) -> list[NewestStep]:
    """The latest first, of what the reader may open: of their company, or at the desk. What is only
    joined moves with the roadmap.
    """
    scope = scope_of(session)
    if not (scope.allows(Permission.REQUEST_READ) or scope.allows(Permission.REQUEST_DESK)):
        return []
    facts = (Request.key, Request.code, Request.title, Account.name, Request.kind)
    wanted = (
        select(RequestEvent.id, *facts, RequestEvent.to_state, RequestEvent.at)
        .join(Request, Request.id == RequestEvent.request_id)
        .join(Account, Account.id == Request.account_id)
        .where(
            RequestEvent.kind == "state",
            readable(session),
            Request.joined.is_(False),
            Request.merged_into_id.is_(None),
        )
        .order_by(RequestEvent.id.desc())
        .limit(most)
    )
    return [
        NewestStep(*row[:5], Kind(row.kind), State(row.to_state), row.at)
        for row in session.execute(wanted)
    ]
