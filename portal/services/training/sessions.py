"""Live sessions for an account: planned by the vendor, announced to calendars, attended by code."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.training import CODE_ALPHABET
from portal.models import Account, SessionGuest, TrainingSession, User
from portal.services.audit import record
from portal.services.once import add_once
from portal.services.training.account_learners import learners_of
from portal.services.training.learners import learner_of
from portal.services.training.session_calendar import PUBLISH, calendar_text
from portal.services.training.session_mails import (
    CANCELLED,
    INVITED,
    MOVED,
    OVER,
    Link,
    invitation_of,
    tell_guest,
    tell_guests,
)
from portal.services.training.session_views import is_open, read_session
from portal.tenancy import scope_of

CODE_LENGTH = 6
LEVELS = ("new", "some", "often")
LONGEST_NEEDS = 2000


@dataclass(frozen=True, slots=True)
class SessionText:
    """`starts_at` is a moment. `link` and the rest but the title may be empty."""

    title: str
    note: str
    starts_at: datetime
    minutes: int
    place: str
    link: str
    trainer: str


@dataclass(frozen=True, slots=True)
class SessionAccount:
    id: int
    key: str
    name: str
    time_zone: str


def session_account(session: Session, key: str) -> SessionAccount:
    """Raises NotFound for an account out of reach."""
    wanted = select(Account.id, Account.key, Account.name, Account.time_zone)
    row = session.execute(wanted.where(Account.key == key)).one_or_none()
    if row is None:
        raise NotFound
    return SessionAccount(*row)


def plan_session(
    session: Session, account_key: str, text: SessionText, people: Iterable[str], link: Link
) -> str:
    """The key of a new session, whose guests are invited by mail. Raises NotFound for an account
    out of reach, Invalid by field: people, starts_at.
    """
    scope = scope_of(session)
    account = session_account(session, account_key)
    wanted = set(people)
    guests = [one for one in learners_of(session, account.id) if one.key in wanted]
    if not guests:
        raise Invalid("Invite somebody.", code="no-guests", fields={"people": "Invite somebody."})
    _hold_start(text.starts_at, scope.now)
    row = TrainingSession(
        account_id=account.id,
        time_zone=account.time_zone,
        code="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        created_at=scope.now,
        created_by=scope.user_id,
    )
    _fill(row, text)
    session.add(row)
    session.flush()
    for guest in guests:
        add_guest(session, row, guest.id)
        tell_guest(session, row, guest.id, INVITED, link)
    record(session, "session.planned", "training session", row.key, account_id=account.id)
    session.commit()
    return row.key


def change_session(session: Session, key: str, text: SessionText, link: Link) -> None:
    """Guests and their calendars hear of it. Raises NotFound, Invalid, Conflict (cancelled)."""
    row = planned_session(session, key)
    if row.starts_at != text.starts_at:
        _hold_start(text.starts_at, scope_of(session).now)
    _fill(row, text)
    row.sequence += 1
    tell_guests(session, row, MOVED, link)
    record(session, "session.changed", "training session", key, account_id=row.account_id)
    session.commit()


def cancel_session(session: Session, key: str, link: Link) -> None:
    """Raises NotFound, Conflict where it is cancelled already."""
    row = planned_session(session, key)
    row.cancelled_at = scope_of(session).now
    row.sequence += 1
    tell_guests(session, row, CANCELLED, link)
    record(session, "session.cancelled", "training session", key, account_id=row.account_id)
    session.commit()


def hand_out(session: Session, key: str, recording: str, materials: str, link: Link) -> None:
    """Recording and materials, told to the guests the first time that there are some."""
    row = planned_session(session, key)
    first = not (row.recording or row.materials)
    row.recording, row.materials = recording, materials
    if first and (recording or materials):
        tell_guests(session, row, OVER, link)
    session.commit()


def mark_attendance(session: Session, key: str, user_key: str, *, came: bool) -> None:
    """By the trainer. Raises NotFound."""
    row, scope = _find(session, key), scope_of(session)
    guest = session.scalars(
        select(SessionGuest)
        .join(User, User.id == SessionGuest.user_id)
        .where(SessionGuest.session_id == row.id, User.key == user_key)
    ).one_or_none()
    if guest is None:
        raise NotFound
    guest.attended_at = (guest.attended_at or scope.now) if came else None
    guest.marked_by = scope.user_id if came else None
    session.commit()


def say_needs(session: Session, key: str, level: str, needs: str) -> None:
    """What the reader needs from it, before it begins. Raises NotFound, Conflict (begun)."""
    guest, row = _own(session, key)
    if scope_of(session).now >= row.starts_at:
        raise Conflict("The session has begun.", code="session-begun")
    guest.level = level if level in LEVELS else ""
    guest.needs, guest.needs_at = needs[:LONGEST_NEEDS], scope_of(session).now
    session.commit()


def attend(session: Session, key: str, code: str) -> None:
    """By the code shown in the room; once is enough. Raises NotFound, Invalid (wrong-code) and
    Conflict (doors-closed).
    """
    guest, row = _own(session, key)
    if not is_open(row.starts_at, row.minutes, scope_of(session).now):
        raise Conflict("One can sign in while the session runs.", code="doors-closed")
    typed = "".join(code.split()).upper()[:20].translate(str.maketrans("OIL", "011"))
    if not secrets.compare_digest(typed.encode(), row.code.encode()):
        said = "This is not the code that is shown in the room."
        raise Invalid(said, code="wrong-code", fields={"code": said})
    guest.attended_at = guest.attended_at or scope_of(session).now
    session.commit()


def session_file(session: Session, key: str, link: Link, host: str) -> str:
    """The session for a calendar of the reader's choice. Raises NotFound."""
    read_session(session, key)
    row = _find(session, key)
    return calendar_text(invitation_of(session, row, "", link, host), PUBLISH)


# --- rows -------------------------------------------------------------------------------------


def _hold_start(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        said = "Choose a moment that is still to come."
        raise Invalid(said, code="bad-start", fields={"starts_at": said})


def _fill(row: TrainingSession, text: SessionText) -> None:
    row.title, row.note, row.starts_at, row.minutes = (
        text.title,
        text.note,
        text.starts_at,
        text.minutes,
    )
    row.place, row.link, row.trainer = text.place, text.link, text.trainer


def _find(session: Session, key: str) -> TrainingSession:
    found = session.scalars(
        select(TrainingSession).where(TrainingSession.key == key).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def planned_session(session: Session, key: str) -> TrainingSession:
    """Locked. Raises NotFound, and Conflict where it is cancelled."""
    row = _find(session, key)
    if row.cancelled_at is not None:
        raise Conflict("The session is cancelled.", code="session-cancelled")
    return row


def _own(session: Session, key: str) -> tuple[SessionGuest, TrainingSession]:
    learner = learner_of(session)
    if learner is None:
        raise NotFound
    row = _find(session, key)
    guest = session.get(SessionGuest, (row.id, learner.user_id))
    if guest is None:
        raise NotFound
    return guest, row


def add_guest(session: Session, row: TrainingSession, user_id: int) -> None:
    """In the caller's transaction; who is a guest already stays one."""
    guest = SessionGuest(
        account_id=row.account_id,
        session_id=row.id,
        user_id=user_id,
        invited_at=scope_of(session).now,
    )
    add_once(session, guest, "session_id")
