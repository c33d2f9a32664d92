"""Guests of a live session who are invited later, or no longer."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.models import SessionGuest, TrainingSession, User
from portal.services.audit import record
from portal.services.training.account_learners import Learning, learners_of
from portal.services.training.session_mails import INVITED, UNINVITED, Link, tell_guest
from portal.services.training.sessions import add_guest, planned_session


def not_invited(session: Session, key: str) -> list[Learning]:
    """Those of the account who may still be invited, by name. Raises NotFound."""
    row = session.execute(
        select(TrainingSession.id, TrainingSession.account_id).where(TrainingSession.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound
    invited = set(
        session.scalars(select(SessionGuest.user_id).where(SessionGuest.session_id == row.id))
    )
    return [one for one in learners_of(session, row.account_id) if one.id not in invited]


def invite_guests(session: Session, key: str, people: Iterable[str], link: Link) -> int:
    """How many more are invited, by mail and in their calendars. Who is a guest already hears
    nothing. Raises NotFound, Conflict (cancelled) and Invalid where nobody new is named.
    """
    row, wanted = planned_session(session, key), set(people)
    guests = [one for one in not_invited(session, key) if one.key in wanted]
    if not guests:
        raise Invalid("Invite somebody.", code="no-guests", fields={"people": "Invite somebody."})
    # Whoever was taken off before has a cancellation of an earlier number.
    row.sequence += 1
    for guest in guests:
        add_guest(session, row, guest.id)
        tell_guest(session, row, guest.id, INVITED, link)
    names = ", ".join(guest.key for guest in guests)
    _note(session, row, "session.guests-invited", names)
    return len(guests)


def remove_guest(session: Session, key: str, user_key: str, link: Link) -> None:
    """It leaves their calendar, and they are told. Raises NotFound, and Conflict where the session
    is cancelled or they have come to it.
    """
    row = planned_session(session, key)
    guest = session.scalars(
        select(SessionGuest)
        .join(User, User.id == SessionGuest.user_id)
        .where(SessionGuest.session_id == row.id, User.key == user_key)
    ).one_or_none()
    if guest is None:
        raise NotFound
    if guest.attended_at is not None:
        raise Conflict("Who came stays on the list.", code="guest-came")
    row.sequence += 1
    tell_guest(session, row, guest.user_id, UNINVITED, link)
    session.delete(guest)
    _note(session, row, "session.guest-removed", user_key)


def _note(session: Session, row: TrainingSession, what: str, people: str) -> None:
    record(session, what, "training session", row.key, account_id=row.account_id, people=people)
    session.commit()
