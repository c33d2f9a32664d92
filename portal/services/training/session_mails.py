"""What guests of a live session are told, by mail and in their calendars."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account, SessionGuest, TrainingSession, User
from portal.services.mail import queue_mail
from portal.services.training.session_calendar import (
    CANCEL,
    REQUEST,
    Invitation,
    calendar_text,
)
from portal.tenancy import scope_of

INVITED, MOVED, CANCELLED, OVER = "invited", "moved", "cancelled", "over"
UNINVITED = "uninvited"
Link = Callable[[str], str]


def tell_guests(session: Session, row: TrainingSession, kind: str, link: Link) -> None:
    for user_id in session.scalars(
        select(SessionGuest.user_id).where(SessionGuest.session_id == row.id)
    ).all():
        tell_guest(session, row, user_id, kind, link)


def tell_guest(session: Session, row: TrainingSession, user_id: int, kind: str, link: Link) -> None:
    person = session.execute(
        select(User.email, User.name, User.locale, Account.locale.label("usual"))
        .join(Account, Account.id == User.account_id)
        .where(User.id == user_id)
    ).one()
    method = {CANCELLED: CANCEL, UNINVITED: CANCEL, OVER: ""}.get(kind, REQUEST)
    invitation = invitation_of(session, row, person.email, link, "")
    queue_mail(
        session,
        recipient=person.email,
        locale=person.locale or person.usual,
        template="training_session",
        values={
            "name": person.name,
            "kind": kind,
            "title": row.title,
            "trainer": row.trainer,
            "starts_at": row.starts_at.isoformat(),
            "time_zone": row.time_zone,
            "place": row.place or row.link,
            "note": row.note,
            "link": link(f"/sessions/{row.key}"),
        },
        idempotency_key=f"session:{row.key}:{row.sequence}:{user_id}:{kind}",
        account_id=row.account_id,
        calendar=calendar_text(invitation, method) if method else "",
    )


def invitation_of(
    session: Session, row: TrainingSession, guest: str, link: Link, host: str
) -> Invitation:
    address = link(f"/sessions/{row.key}")
    organizer = session.scalar(select(User.email).where(User.id == row.created_by))
    return Invitation(
        uid=f"{row.key}@{host or address.partition('://')[2].partition('/')[0]}",
        sequence=row.sequence,
        title=row.title,
        note=row.note,
        starts_at=row.starts_at,
        minutes=row.minutes,
        place=row.place or row.link,
        address=address,
        organizer=organizer or guest,
        guest=guest,
        stamp=scope_of(session).now,
    )
