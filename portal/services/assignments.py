"""Who looks after which account."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Role
from portal.models import Account, AccountAssignment, User
from portal.services.audit import record

ROLES = (Role.CSM, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """`user_key` is empty where nobody looks after the account."""

    account_key: str
    account_name: str
    tier: str
    user_key: str


def list_assignments(session: Session) -> list[AssignmentRow]:
    """Every account in reach with its lead, by name."""
    rows = session.execute(
        select(Account.key, Account.name, Account.tier, User.key)
        .outerjoin(
            AccountAssignment,
            (AccountAssignment.account_id == Account.id) & AccountAssignment.lead.is_(True),
        )
        .outerjoin(User, User.id == AccountAssignment.user_id)
        .order_by(Account.name, Account.key)
    )
    return [AssignmentRow(key, name, tier, user or "") for key, name, tier, user in rows]


def possible_csms(session: Session) -> list[tuple[str, str]]:
    """Key and name of the active CSMs and managers, by name."""
    rows = session.execute(
        select(User.key, User.name, User.email)
        .where(User.role.in_([role.value for role in ROLES]), User.active.is_(True))
        .order_by(User.name, User.email)
    )
    return [(key, name or email) for key, name, email in rows]


def assign_csm(session: Session, account_key: str, user_key: str) -> None:
    """Makes that person the account's only lead, or nobody with an empty key. Raises NotFound
    (account) and Invalid (person). Commits.
    """
    account_id = session.scalar(select(Account.id).where(Account.key == account_key))
    if account_id is None:
        raise NotFound
    user_id = _csm(session, user_key) if user_key else None
    session.execute(delete(AccountAssignment).where(AccountAssignment.account_id == account_id))
    if user_id is not None:
        session.add(AccountAssignment(account_id=account_id, user_id=user_id, lead=True))
    record(session, "account.assign", "account", account_key, account_id=account_id, lead=user_key)
    session.commit()


def _csm(session: Session, user_key: str) -> int:
    found = session.scalar(
        select(User.id).where(
            User.key == user_key,
            User.role.in_([role.value for role in ROLES]),
            User.active.is_(True),
        )
    )
    if found is None:
        said = "Choose an active CSM or manager."
        raise Invalid(said, code="no-such-lead", fields={"lead": said})
    return found
