"""Who was asked whether a release works, and has said nothing for a week, is asked once more."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.notices import Notified, Way, way_of
from portal.domain.requests import State
from portal.models import OutboxMessage, Request, RequestConfirmation
from portal.services.notices.hearing import Told
from portal.services.notices.links import Links
from portal.services.notices.mails import queue_request_mail
from portal.services.notices.readers import Reader, find_readers
from portal.services.notices.telling import values_of
from portal.services.requests.access import find_request
from portal.tenancy import scope_of

AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Silent:
    reader: Reader
    request: str
    key: str


def silent_ones(session: Session) -> list[Silent]:
    """Those who want such mails and have not been reminded. Needs a session over all accounts."""
    late = scope_of(session).now - AFTER
    rows = session.execute(
        select(Request.key, RequestConfirmation.release, RequestConfirmation.user_id)
        .join(
            Request,
            and_(
                Request.id == RequestConfirmation.request_id,
                Request.release == RequestConfirmation.release,
            ),
        )
        .where(
            Request.state == State.RELEASED.value,
            RequestConfirmation.answer == "",
            RequestConfirmation.asked_at <= late,
        )
        .order_by(RequestConfirmation.asked_at)
    ).all()
    keys = {f"remind:{row.key}:{row.release}:{row.user_id}": row for row in rows}
    outbox = select(OutboxMessage.idempotency_key)
    wanted = outbox.where(OutboxMessage.idempotency_key.in_([f"mail:{key}" for key in keys]))
    had = set(session.scalars(wanted))
    left = {key: row for key, row in keys.items() if f"mail:{key}" not in had}
    readers = {one.id: one for one in find_readers(session, {row.user_id for row in left.values()})}
    return [
        Silent(readers[row.user_id], row.key, key)
        for key, row in left.items()
        if row.user_id in readers and way_of(Notified.ASKED, readers[row.user_id].chosen) is Way.NOW
    ]


def remind(session: Session, silent: Silent, links: Links) -> bool:
    """In a session of the reader's own scope; commits. False where they may not read it."""
    try:
        request = find_request(session, silent.request)
    except NotFound:
        return False
    values = values_of(session, request, Told(silent.key, request.key, "asked"))
    queued = queue_request_mail(
        session,
        silent.reader,
        request,
        Notified.ASKED,
        values,
        links=links,
        once=silent.key,
        again=True,
    )
    session.commit()
    return queued
