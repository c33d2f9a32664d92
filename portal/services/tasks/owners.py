"""Whose task it may be: those of the vendor who reach the account."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.domain.permissions import TABLE, Permission
from portal.models import Account, AccountAssignment, User, Vendor

_DESK = [role.value for role, may in TABLE.items() if Permission.ACCOUNT_DESK in may]
_ALL = [role.value for role, may in TABLE.items() if Permission.ACCOUNT_ALL in may]


def possible_owners(session: Session) -> list[tuple[str, str]]:
    """Key and name of everybody who may have tasks, by name."""
    return _named(session, User.role.in_(_DESK))


def owners_for(session: Session, account_key: str) -> list[tuple[str, str]]:
    """Those of them who reach the account."""
    return _named(session, _reaches(session, account_key))


def owner_of(session: Session, account_key: str, user_key: str) -> int | None:
    """The id, None for nobody (an empty key). Raises Invalid where they do not reach it."""
    if not user_key:
        return None
    found = session.scalar(
        select(User.id).where(
            User.key == user_key, User.active.is_(True), _reaches(session, account_key)
        )
    )
    if found is None:
        said = "Choose somebody who looks after this account."
        raise Invalid(said, code="no-such-owner", fields={"owner": said})
    return found


def _named(session: Session, chosen: ColumnElement[bool]) -> list[tuple[str, str]]:
    wanted = select(User.key, User.name, User.email).where(User.active.is_(True), chosen)
    rows = session.execute(wanted.order_by(User.name, User.email))
    return [(row.key, row.name or row.email) for row in rows]


def _reaches(session: Session, account_key: str) -> ColumnElement[bool]:
    if session.scalar(select(Vendor.csm_sees_all).where(Vendor.id == 1)):
        return User.role.in_(_DESK)
    assigned = (
        select(AccountAssignment.user_id)
        .join(Account, Account.id == AccountAssignment.account_id)
        .where(Account.key == account_key)
    )
    return or_(User.role.in_(_ALL), (User.role.in_(_DESK)) & User.id.in_(assigned))
