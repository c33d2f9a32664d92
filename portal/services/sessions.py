"""Signed-in browsers: one row each. The cookie carries a secret, the table its SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from portal.domain.browsers import browser_and_system
from portal.domain.errors import NotFound
from portal.models import User, UserSession
from portal.services.audit import record
from portal.tenancy import scope_of

IDLE_LIMIT = timedelta(days=14)
ABSOLUTE_LIMIT = timedelta(days=60)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in browser as its owner sees it; `browser` and `system` are empty if unknown."""

    key: str
    created_at: datetime
    seen_at: datetime
    address: str
    browser: str
    system: str
    current: bool


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def begin_session(session: Session, user_id: int, *, address: str, browser: str) -> str:
    """Adds a session in the caller's transaction and returns its secret, which is kept nowhere."""
    now = scope_of(session).now
    secret = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            user_id=user_id,
            account_id=session.scalar(select(User.account_id).where(User.id == user_id)),
            secret_hash=secret_hash(secret),
            created_at=now,
            seen_at=now,
            address=address[:64],
            browser=browser[:200],
        )
    )
    session.execute(update(User).where(User.id == user_id).values(last_seen_at=now))
    return secret


def is_alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a session that still counts."""
    return (
        UserSession.ended_at.is_(None),
        UserSession.seen_at > now - IDLE_LIMIT,
        UserSession.created_at > now - ABSOLUTE_LIMIT,
    )


def touch(session: Session, session_id: int) -> None:
    """Notes that the browser was seen now; commits. Two at once write it once."""
    now = scope_of(session).now
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.seen_at <= now - SEEN_EVERY)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def list_sessions(session: Session, user_id: int, current_key: str = "") -> list[SessionView]:
    """The browsers in which the user is signed in, the latest seen first."""
    rows = session.execute(
        select(
            UserSession.key,
            UserSession.created_at,
            UserSession.seen_at,
            UserSession.address,
            UserSession.browser,
        )
        .where(UserSession.user_id == user_id, *is_alive(scope_of(session).now))
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )
    return [
        SessionView(
            key, created_at, seen_at, address, *browser_and_system(agent), key == current_key
        )
        for key, created_at, seen_at, address, agent in rows
    ]


def revoke_own_session(session: Session, key: str) -> None:
    """Signs one of the reader's own browsers out; raises NotFound."""
    user_id = scope_of(session).user_id
    if not _end(session, UserSession.user_id == user_id, UserSession.key == key):
        raise NotFound
    record(session, "session.revoked", "session", key)
    session.commit()


def revoke_other_sessions(session: Session, current_key: str) -> int:
    """Signs the reader out everywhere but here; how many browsers that were."""
    user_id = scope_of(session).user_id
    ended = _end(session, UserSession.user_id == user_id, UserSession.key != current_key)
    record(session, "session.revoked-others", "user", ended=ended)
    session.commit()
    return ended


def end_sessions(session: Session, user_id: int) -> int:
    """Ends all sessions of a user in the caller's transaction; how many that were."""
    return _end(session, UserSession.user_id == user_id)


def end_session(session: Session, which: ColumnElement[bool]) -> None:
    """Ends one session in the caller's transaction."""
    _end(session, which)


def _end(session: Session, *which: ColumnElement[bool]) -> int:
    result: Any = session.execute(
        update(UserSession)
        .where(*which, UserSession.ended_at.is_(None))
        .values(ended_at=scope_of(session).now)
        .execution_options(synchronize_session=False)
    )
    count: int = result.rowcount
    return count
