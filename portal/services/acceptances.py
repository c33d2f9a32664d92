"""Opening and accepting an invitation. Nobody has signed in yet, so the session is one over all
accounts; the secret in the link is what authorises.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.invitations import InvitationState
from portal.domain.passwords import password_fault
from portal.domain.permissions import Role
from portal.models import Account, Invitation, User
from portal.services.audit import record
from portal.services.invitations import state_now
from portal.services.passwords import hash_password
from portal.services.sessions import secret_hash
from portal.services.users import new_user
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class OpenedInvitation:
    """What the holder of a link sees. `account_name` is None for the vendor's team; `taken`:
    the address has a sign-in already.
    """

    email: str
    name: str
    role: Role
    account_name: str | None
    locale: str
    state: InvitationState
    taken: bool


def open_invitation(session: Session, secret: str) -> OpenedInvitation:
    """What the link opens. Raises NotFound."""
    invitation, account_name = _by_secret(session, secret)
    taken = session.scalar(select(User.id).where(User.email == invitation.email)) is not None
    return OpenedInvitation(
        email=invitation.email,
        name=invitation.name,
        role=Role(invitation.role),
        account_name=account_name,
        locale=invitation.locale,
        state=state_now(session, invitation),
        taken=taken,
    )


def accept_invitation(session: Session, secret: str, *, name: str, password: str) -> int:
    """Makes the sign-in and returns the user's id. Raises NotFound,
    Conflict (expired, used, withdrawn, or the address has a sign-in already), Invalid (password).
    Commits.
    """
    invitation, _account = _by_secret(session, secret)
    if state_now(session, invitation) is not InvitationState.OPEN:
        raise Conflict("This link works no more.", code="invitation-settled")
    fault = password_fault(password, email=invitation.email, name=name)
    if fault is not None:
        raise Invalid("The password will not do.", code=fault.value, fields={"password": fault})
    made = new_user(
        session,
        email=invitation.email,
        role=Role(invitation.role),
        account_id=invitation.account_id,
        password_hash=hash_password(password),
        name=name,
    )
    made.locale = invitation.locale
    invitation.accepted_at = scope_of(session).now
    record(
        session,
        "invitation.accepted",
        "invitation",
        invitation.key,
        account_id=invitation.account_id,
        user=made.key,
    )
    session.commit()
    return made.id


def _by_secret(session: Session, secret: str) -> tuple[Invitation, str | None]:
    row = session.execute(
        select(Invitation, Account.name)
        .outerjoin(Account, Account.id == Invitation.account_id)
        .where(Invitation.secret_hash == secret_hash(secret))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]
