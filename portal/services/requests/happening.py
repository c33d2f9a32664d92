"""What has happened to a request: its events and the messages about it, in the order of time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.models import Request, RequestEvent, RequestMessage, User
from portal.services.requests.access import readable

_Author = aliased(User)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event or a message, in the order of time. `kind` is an event's, or "message"; `who` is
    empty where a time was over; `side`: "vendor", "customer" or "time". Times are aware.
    """

    kind: str
    at: datetime
    who: str
    side: str
    from_state: str = ""
    to_state: str = ""
    text: str = ""
    key: str = ""

    @property
    def vendor(self) -> bool:
        """Of the vendor's side."""
        return self.side == "vendor"


def happened_to(session: Session, request_id: int) -> list[Happened]:
    """The oldest first."""
    found = [*_events(session, request_id), *_messages(session, request_id)]
    return sorted(found, key=lambda one: one.at)


def _events(session: Session, request_id: int) -> list[Happened]:
    wanted = (
        select(
            RequestEvent.kind,
            RequestEvent.at,
            func.coalesce(_Author.name, "").label("who"),
            RequestEvent.side,
            RequestEvent.from_state,
            RequestEvent.to_state,
            RequestEvent.reason,
        )
        .outerjoin(_Author, _Author.id == RequestEvent.by_id)
        .where(RequestEvent.request_id == request_id)
        .order_by(RequestEvent.at, RequestEvent.id)
    )
    return [
        Happened(
            kind=row.kind,
            at=row.at,
            who=row.who,
            side=row.side,
            from_state=row.from_state,
            to_state=row.to_state,
            text=row.reason,
        )
        for row in session.execute(wanted)
    ]


def _messages(session: Session, request_id: int) -> list[Happened]:
    """Also those that were written about what was merged into it, and that the reader may read."""
    members = select(Request.id).where(
        (Request.id == request_id) | (Request.merged_into_id == request_id), readable(session)
    )
    wanted = (
        select(
            RequestMessage.key,
            RequestMessage.at,
            func.coalesce(_Author.name, RequestMessage.author_name).label("who"),
            RequestMessage.side,
            RequestMessage.body,
        )
        .outerjoin(_Author, _Author.id == RequestMessage.author_id)
        .where(RequestMessage.request_id.in_(members))
        .order_by(RequestMessage.at, RequestMessage.id)
    )
    return [
        Happened("message", row.at, row.who, row.side, text=row.body, key=row.key)
        for row in session.execute(wanted)
    ]
