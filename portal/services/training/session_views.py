"""Live sessions as they are read: lists for both sides, a page for guests and trainers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.models import Account, SessionGuest, TrainingSession, User
from portal.services.training.learners import learner_of
from portal.tenancy import scope_of

DOORS_OPEN = timedelta(minutes=30)
DOORS_CLOSE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SessionLine:
    key: str
    title: str
    account_key: str
    account_name: str
    starts_at: datetime
    minutes: int
    time_zone: str
    place: str
    trainer: str
    cancelled: bool
    guests: int
    attended: int


@dataclass(frozen=True, slots=True)
class Guest:
    user_key: str
    name: str
    level: str
    needs: str
    attended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """`code` and `guests` are for the vendor's side only; `mine` is the reader's own row. `open`:
    one may sign in now; `over`: it has ended.
    """

    line: SessionLine
    note: str
    link: str
    recording: str
    materials: str
    code: str
    guests: list[Guest]
    mine: Guest | None
    open: bool
    over: bool


def is_open(starts_at: datetime, minutes: int, now: datetime) -> bool:
    ends = starts_at + timedelta(minutes=minutes)
    return starts_at - DOORS_OPEN <= now <= ends + DOORS_CLOSE


def list_sessions(session: Session) -> list[SessionLine]:
    """The vendor's side: of the accounts in reach; a customer's: those that the reader is invited
    to. The latest first.
    """
    wanted = _lines().order_by(TrainingSession.starts_at.desc())
    learner = learner_of(session)
    if learner is None and not scope_of(session).allows(Permission.ACCOUNT_DESK):
        return []
    if learner is not None:
        invited = select(SessionGuest.session_id).where(SessionGuest.user_id == learner.user_id)
        wanted = wanted.where(TrainingSession.id.in_(invited))
    rows = session.execute(wanted).all()
    counts = _counts(session, [row.id for row in rows])
    return [_line(row, counts.get(row.id, (0, 0))) for row in rows]


def lines_of(
    session: Session,
    wanted: Any,
    order: Any,
    values: Mapping[str, Any] | None = None,
    *,
    limit: int,
    offset: int = 0,
) -> list[SessionLine]:
    """Those of the session's accounts that the condition holds for, with these values of its
    parameters; it says who may see them.
    """
    ordered = _lines().where(wanted).order_by(order, TrainingSession.id)
    rows = session.execute(ordered.limit(limit).offset(offset), values).all()
    counts = _counts(session, [row.id for row in rows]) if rows else {}
    return [_line(row, counts.get(row.id, (0, 0))) for row in rows]


def read_session(session: Session, key: str) -> SessionPage:
    """Raises NotFound, also for a customer's person who is not invited."""
    row = session.execute(_lines().where(TrainingSession.key == key)).one_or_none()
    if row is None:
        raise NotFound
    guests, learner = _guests(session, row.id), learner_of(session)
    if learner is None and not scope_of(session).allows(Permission.ACCOUNT_DESK):
        raise NotFound
    mine = next((guest for user, guest in guests if learner and user == learner.user_id), None)
    if learner is not None and mine is None:
        raise NotFound
    now = scope_of(session).now
    return SessionPage(
        line=_line(row, (len(guests), sum(1 for _u, one in guests if one.attended_at))),
        note=row.note,
        link=row.link,
        recording=row.recording,
        materials=row.materials,
        code="" if learner else row.code,
        guests=[] if learner else [guest for _user, guest in guests],
        mine=mine,
        open=is_open(row.starts_at, row.minutes, now) and row.cancelled_at is None,
        over=now > row.starts_at + timedelta(minutes=row.minutes),
    )


def _lines() -> Any:
    return select(
        TrainingSession.id,
        TrainingSession.key,
        TrainingSession.title,
        TrainingSession.note,
        TrainingSession.starts_at,
        TrainingSession.minutes,
        TrainingSession.time_zone,
        TrainingSession.place,
        TrainingSession.link,
        TrainingSession.trainer,
        TrainingSession.code,
        TrainingSession.recording,
        TrainingSession.materials,
        TrainingSession.cancelled_at,
        Account.key.label("account_key"),
        Account.name.label("account_name"),
    ).join(Account, Account.id == TrainingSession.account_id)


def _line(row: Any, counted: tuple[int, int]) -> SessionLine:
    return SessionLine(
        key=row.key,
        title=row.title,
        account_key=row.account_key,
        account_name=row.account_name,
        starts_at=row.starts_at,
        minutes=row.minutes,
        time_zone=row.time_zone,
        place=row.place,
        trainer=row.trainer,
        cancelled=row.cancelled_at is not None,
        guests=counted[0],
        attended=counted[1],
    )


def _counts(session: Session, ids: list[int]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    rows = session.execute(
        select(SessionGuest.session_id, SessionGuest.attended_at).where(
            SessionGuest.session_id.in_(ids)
        )
    )
    for session_id, attended_at in rows:
        invited, came = found.get(session_id, (0, 0))
        found[session_id] = (invited + 1, came + (attended_at is not None))
    return found


def _guests(session: Session, session_id: int) -> list[tuple[int, Guest]]:
    rows = session.execute(
        select(
            User.id,
            User.key,
            User.name,
            User.email,
            SessionGuest.level,
            SessionGuest.needs,
            SessionGuest.attended_at,
        )
        .join(User, User.id == SessionGuest.user_id)
        .where(SessionGuest.session_id == session_id)
        .order_by(User.name, User.id)
    )
    return [
        (row.id, Guest(row.key, row.name or row.email, row.level, row.needs, row.attended_at))
        for row in rows
    ]
