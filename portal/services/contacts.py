"""Who looks after an account, and who of it signs in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.models import Account, AccountAssignment, User


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SignsIn:
    """Somebody of the account with a sign-in of the portal."""

    name: str
    email: str
    role: Role
    last_seen_at: datetime | None


def find_csm(session: Session, account_key: str) -> Contact | None:
    """The one whom the customer sees; None where nobody is assigned."""
    row = session.execute(
        select(User.name, User.email)
        .join(AccountAssignment, AccountAssignment.user_id == User.id)
        .join(Account, Account.id == AccountAssignment.account_id)
        .where(Account.key == account_key, User.active)
        .order_by(AccountAssignment.lead.desc(), User.name)
        .limit(1)
    ).first()
    return Contact(row.name or row.email, row.email) if row else None


def signing_in(session: Session, account_key: str) -> list[SignsIn]:
    """People of the account who can sign in, the last here first."""
    rows = session.execute(
        select(User.name, User.email, User.role, User.last_seen_at)
        .join(Account, Account.id == User.account_id)
        .where(Account.key == account_key, User.active)
        .order_by(User.last_seen_at.is_(None), User.last_seen_at.desc(), User.name)
    )
    return [
        SignsIn(row.name or row.email, row.email, Role(row.role), row.last_seen_at) for row in rows
    ]
