"""What an administrator may do to somebody's access. Nobody does it to themselves."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Role
from portal.models import User
from portal.services.audit import record
from portal.services.sessions import end_sessions
from portal.tenancy import scope_of


def change_role(session: Session, key: str, role: Role) -> None:
    """Within the person's own side. Raises NotFound, Invalid, Conflict (oneself). Commits."""
    user = _other(session, key)
    if Role(user.role).side != role.side:
        said = "A customer's person cannot join the vendor's team, nor the other way round."
        raise Invalid(said, code="other-side", fields={"role": said})
    if user.role == role.value:
        return
    record(
        session,
        "user.role-changed",
        "user",
        key,
        account_id=user.account_id,
        before=user.role,
        after=role.value,
    )
    user.role = role.value
    session.commit()


def deactivate(session: Session, key: str) -> None:
    """Shuts somebody out at once, everywhere. Raises NotFound, Conflict (oneself). Commits."""
    user = _other(session, key)
    if user.active:
        user.active = False
        ended = end_sessions(session, user.id)
        _note(session, "user.deactivated", user, sessions_ended=ended)
        session.commit()


def reactivate(session: Session, key: str) -> None:
    """Lets somebody in again, with the password they had. Raises NotFound. Commits."""
    user = _other(session, key)
    if not user.active:
        user.active = True
        _note(session, "user.reactivated", user)
        session.commit()


def revoke_sessions(session: Session, key: str) -> int:
    """Signs somebody out everywhere; in how many browsers. Raises NotFound, Conflict. Commits."""
    user = _other(session, key)
    ended = end_sessions(session, user.id)
    _note(session, "user.sessions-revoked", user, sessions_ended=ended)
    session.commit()
    return ended


def _note(session: Session, action: str, user: User, **details: Any) -> None:
    record(session, action, "user", user.key, account_id=user.account_id, **details)


def _other(session: Session, key: str) -> User:
    """Somebody but the reader: whoever locks themselves out cannot undo it."""
    user = session.scalar(select(User).where(User.key == key))
    if user is None:
        raise NotFound
    if user.id == scope_of(session).user_id:
        raise Conflict("This is you. Ask another administrator to change it.", code="oneself")
    return user
