"""Invitations by mail. The link carries a secret; the table keeps its SHA-256.

An address may be invited by several accounts: an inviter never learns who is known elsewhere.
Whoever opens the link is told then.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.addresses import normal_address
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.invitations import (
    LIFETIME,
    InvitationState,
    invitation_state,
    roles_to_invite,
)
from portal.domain.permissions import Permission, Role
from portal.models import Account, Invitation, User
from portal.services.audit import record
from portal.services.mail import queue_mail, vendor_name
from portal.services.sessions import secret_hash
from portal.services.users import account_for_role, clean_name
from portal.tenancy import scope_of

MOST_LISTED = 200
Link = Callable[[str, str], str]  # secret and language → whole address


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation in the inviter's list."""

    key: str
    email: str
    name: str
    role: Role
    account_name: str | None
    inviter: str
    created_at: datetime
    expires_at: datetime
    state: InvitationState


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    account_key: str | None,
    locale: str,
    link: Link,
) -> str:
    """Writes the invitation and its mail; returns the key. `link` makes the whole address
    of the page. Raises Forbidden (role), Invalid, NotFound (account), Conflict (invited already,
    or signs in already for this very account). Commits.
    """
    scope = scope_of(session)
    if role not in roles_to_invite(scope.role):
        raise Forbidden("Your role does not allow inviting somebody with this role.")
    account_id = account_for_role(session, role, account_key)
    address = normal_address(email)
    _refuse_second(session, address, account_id)
    made = Invitation(
        key=new_key(),
        email=address,
        name=clean_name(name),
        role=role.value,
        locale=locale,
        account_id=account_id,
        invited_by=scope.user_id,
        created_at=scope.now,
        expires_at=scope.now,
        secret_hash="",
    )
    _send(session, made, link)
    session.add(made)
    record(session, "invitation.sent", "invitation", made.key, account_id=account_id, role=role)
    session.commit()
    return made.key


def resend(session: Session, key: str, link: Link) -> None:
    """Sends a new link, good for two weeks; the old one works no more. Raises NotFound, Conflict
    (accepted or withdrawn). Commits.
    """
    invitation = _reached(session, key)
    if state_now(session, invitation) not in {InvitationState.OPEN, InvitationState.EXPIRED}:
        raise Conflict("This invitation is settled.", code="invitation-settled")
    _send(session, invitation, link)
    _record(session, "invitation.resent", invitation)
    session.commit()


def withdraw(session: Session, key: str) -> None:
    """The link works no more. Raises NotFound, Conflict (accepted). Commits."""
    invitation = _reached(session, key)
    state = state_now(session, invitation)
    if state is InvitationState.ACCEPTED:
        raise Conflict("This invitation is settled.", code="invitation-settled")
    if state is not InvitationState.WITHDRAWN:
        invitation.withdrawn_at = scope_of(session).now
        _record(session, "invitation.withdrawn", invitation)
    session.commit()


def list_invitations(session: Session) -> list[InvitationView]:
    """Those in the reader's reach, the latest first, at most 200."""
    now = scope_of(session).now
    rows = session.execute(
        select(Invitation, Account.name, User.name, User.email)
        .outerjoin(Account, Account.id == Invitation.account_id)
        .outerjoin(User, User.id == Invitation.invited_by)
        .where(*_in_reach(session))
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        .limit(MOST_LISTED)
    )
    return [
        InvitationView(
            key=row.key,
            email=row.email,
            name=row.name,
            role=Role(row.role),
            account_name=account_name,
            inviter=inviter_name or inviter_email or "",
            created_at=row.created_at,
            expires_at=row.expires_at,
            state=_state_at(row, now),
        )
        for row, account_name, inviter_name, inviter_email in rows
    ]


def _send(session: Session, invitation: Invitation, link: Link) -> None:
    """A new secret, a new end, and the mail with both."""
    scope = scope_of(session)
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash = secret_hash(secret)
    invitation.expires_at = scope.now + LIFETIME
    account_id = invitation.account_id
    account = session.scalar(select(Account.name).where(Account.id == account_id))
    queue_mail(
        session,
        recipient=invitation.email,
        locale=invitation.locale,
        template="invitation",
        values={
            "name": invitation.name,
            "inviter": _inviter(session),
            "account": account or "",
            "link": link(secret, invitation.locale),
            "expires_at": invitation.expires_at.isoformat(),
            "time_zone": scope.time_zone,
        },
        idempotency_key=f"invitation:{invitation.key}:{invitation.secret_hash[:16]}",
        account_id=account_id,
    )


def _inviter(session: Session) -> str:
    me = scope_of(session).user_id
    return session.scalar(select(User.name).where(User.id == me)) or vendor_name(session)


def _refuse_second(session: Session, address: str, account_id: int | None) -> None:
    same = User.account_id.is_(None) if account_id is None else User.account_id == account_id
    if session.scalar(select(User.id).where(User.email == address, same)) is not None:
        raise Conflict(
            "This person can sign in already.", code="signs-in-already", fields={"email": ""}
        )
    earlier = session.scalars(
        select(Invitation).where(Invitation.email == address, *_in_reach(session))
    )
    if any(
        one.account_id == account_id and state_now(session, one) is InvitationState.OPEN
        for one in earlier
    ):
        raise Conflict(
            "This person is invited already: send the invitation again from the list.",
            code="invited-already",
            fields={"email": ""},
        )


def _in_reach(session: Session) -> list[ColumnElement[bool]]:
    """The guard lets through rows of no account as well: those are the vendor's, for its admin."""
    if scope_of(session).allows(Permission.USER_ADMIN):
        return []
    return [Invitation.account_id.is_not(None)]


def _reached(session: Session, key: str) -> Invitation:
    found = session.scalar(select(Invitation).where(Invitation.key == key, *_in_reach(session)))
    if found is None:
        raise NotFound
    return found


def state_now(session: Session, invitation: Invitation) -> InvitationState:
    return _state_at(invitation, scope_of(session).now)


def _state_at(invitation: Invitation, now: datetime) -> InvitationState:
    return invitation_state(
        accepted_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
        expires_at=invitation.expires_at,
        now=now,
    )


def _record(session: Session, action: str, invitation: Invitation) -> None:
    record(session, action, "invitation", invitation.key, account_id=invitation.account_id)
