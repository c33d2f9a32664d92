"""Who is signed in, what they reach, and what happens to their credentials.

The door calls these with a session over all accounts: before somebody has signed in, no account
is known, and afterwards the question is which accounts they reach.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission, Role, allows
from portal.models import Account, AccountAssignment, User, UserSession, Vendor
from portal.services.audit import record
from portal.services.sessions import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    begin_session,
    end_session,
    end_sessions,
    secret_hash,
)
from portal.services.vendor import NO_VENDOR, VendorView
from portal.tenancy import ALL_ACCOUNTS


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares, and how to write to the person: `locale` and `time_zone` are
    theirs, else their account's. Several names are those that Flask-Security asks for.
    """

    id: int
    email: str
    name: str
    password: str | None = field(repr=False)
    active: bool
    fs_uniquifier: str = field(repr=False)
    confirmed_at: datetime | None
    role: str
    account_id: int | None
    locale: str | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in, read once a request; the same whenever they were seen.

    `locale` is None where the person has chosen none; `time_zone` is the person's, else their
    account's, else the vendor's.
    """

    id: int
    key: str
    name: str
    email: str
    role: Role
    account_id: int | None
    account_key: str | None
    account_name: str | None
    account_time_zone: str | None
    account_locale: str | None
    locale: str | None
    own_time_zone: str | None
    time_zone: str
    theme: str
    letter_keys: bool
    session_id: int
    session_key: str
    seen_at: datetime = field(compare=False)
    csm_sees_all: bool
    vendor: VendorView


class Reaching(Protocol):
    """Whose reach is asked for."""

    @property
    def id(self) -> int: ...

    @property
    def role(self) -> Role: ...

    @property
    def account_id(self) -> int | None: ...

    @property
    def csm_sees_all(self) -> bool: ...


_CREDENTIALS = (
    User.id,
    User.email,
    User.name,
    User.password,
    User.active,
    User.fs_uniquifier,
    User.confirmed_at,
    User.role,
    User.account_id,
    func.coalesce(User.locale, Account.locale).label("mail_locale"),
    func.coalesce(User.time_zone, Account.time_zone, "UTC").label("mail_time_zone"),
)
_SIGNED_IN = (
    select(
        *_CREDENTIALS,
        User.key,
        User.locale,
        User.time_zone,
        User.theme,
        User.letter_keys,
        Account.key.label("account_key"),
        Account.name.label("account_name"),
        Account.time_zone.label("account_time_zone"),
        Account.locale.label("account_locale"),
        Vendor.name.label("vendor_name"),
        Vendor.locale.label("vendor_locale"),
        Vendor.time_zone.label("vendor_time_zone"),
        Vendor.demo.label("vendor_demo"),
        Vendor.csm_sees_all,
        Vendor.share_health,
        UserSession.id.label("session_id"),
        UserSession.key.label("session_key"),
        UserSession.seen_at,
    )
    .join_from(UserSession, User, User.id == UserSession.user_id)
    .outerjoin(Account, Account.id == User.account_id)
    .outerjoin(Vendor, Vendor.id == 1)
    # Built once with its conditions: every request of somebody signed in begins with it.
    .where(
        UserSession.secret_hash == bindparam("secret_hash"),
        User.active.is_(True),
        UserSession.ended_at.is_(None),
        UserSession.seen_at > bindparam("idle_since"),
        UserSession.created_at > bindparam("old_since"),
    )
)


SignedIn = tuple[Member, Credentials]


def find_signed_in(connection: Connection, secret: str, now: datetime) -> SignedIn | None:
    """Whoever the cookie's secret belongs to; None where it is unknown, ended or too old. Every
    request asks, so without the ways of a session.
    """
    limits = {"idle_since": now - IDLE_LIMIT, "old_since": now - ABSOLUTE_LIMIT}
    row: Any = connection.execute(
        _SIGNED_IN, {"secret_hash": secret_hash(secret), **limits}
    ).one_or_none()
    if row is None:
        return None
    return _member(row), _credentials(row[: len(_CREDENTIALS)])


def _credentials(row: Any) -> Credentials:
    return Credentials(*row)


def _member(row: Any) -> Member:
    return Member(
        id=row.id,
        key=row.key,
        name=row.name,
        email=row.email,
        role=Role(row.role),
        account_id=row.account_id,
        account_key=row.account_key,
        account_name=row.account_name,
        account_time_zone=row.account_time_zone,
        account_locale=row.account_locale,
        locale=row.locale,
        own_time_zone=row.time_zone,
        time_zone=row.time_zone or row.account_time_zone or row.vendor_time_zone or "UTC",
        theme=row.theme,
        letter_keys=row.letter_keys,
        session_id=row.session_id,
        session_key=row.session_key,
        seen_at=row.seen_at,
        csm_sees_all=bool(row.csm_sees_all),
        vendor=_vendor(row),
    )


def _vendor(row: Any) -> VendorView:
    if row.vendor_name is None:
        return NO_VENDOR
    return VendorView(
        name=row.vendor_name,
        locale=row.vendor_locale,
        time_zone=row.vendor_time_zone,
        demo=row.vendor_demo,
        csm_sees_all=bool(row.csm_sees_all),
        share_health=bool(row.share_health),
    )


def accounts_in_reach(
    member: Reaching, assigned: Callable[[int], frozenset[int]]
) -> frozenset[int] | None:
    """Ids of the accounts that the member may see, or ALL_ACCOUNTS.

    A customer: their own. Roles with account.all, and those who triage requests: all. A CSM: those
    `assigned` to them, or all where the vendor wants it so. Everybody else at the vendor: none.
    """
    role = member.role
    if role.side == "customer":
        return frozenset() if member.account_id is None else frozenset({member.account_id})
    if allows(role, Permission.ACCOUNT_ALL) or allows(role, Permission.REQUEST_TRIAGE):
        return ALL_ACCOUNTS
    if not allows(role, Permission.ACCOUNT_DESK):
        return frozenset()
    return ALL_ACCOUNTS if member.csm_sees_all else assigned(member.id)


def assigned_accounts(session: Session, user_id: int) -> frozenset[int]:
    rows = select(AccountAssignment.account_id).where(AccountAssignment.user_id == user_id)
    return frozenset(session.scalars(rows))


def find_credentials(session: Session, **by: Any) -> Credentials | None:
    """By one unique column: email (in its one spelling), fs_uniquifier or id."""
    wanted: list[ColumnElement[bool]] = [getattr(User, name) == by[name] for name in by]
    whole = select(*_CREDENTIALS).outerjoin(Account, Account.id == User.account_id)
    row = session.execute(whole.where(*wanted)).one_or_none()
    return None if row is None else _credentials(row)


def sign_in(
    session: Session,
    user_id: int,
    *,
    replaces: str | None,
    address: str,
    browser: str,
    via: str,
) -> str:
    """Begins a session and returns its secret; commits. `replaces` is the secret of an earlier
    session in the same browser, which ends; `via` names what was checked.
    """
    if replaces:
        end_session(session, UserSession.secret_hash == secret_hash(replaces))
    secret = begin_session(session, user_id, address=address, browser=browser)
    _record(session, "sign-in.succeeded", user_id, via=via)
    session.commit()
    return secret


def sign_out(session: Session, session_key: str) -> None:
    """Ends the session; commits."""
    end_session(session, UserSession.key == session_key)
    record(session, "sign-in.ended", "session", session_key)
    session.commit()


def note_failure(session: Session, user_id: int | None, kind: str) -> None:
    """A wrong password, or an address that nobody has; commits. The caller bounds how often."""
    if user_id is None:
        record(session, "sign-in.failed", kind="unknown address")
    else:
        _record(session, "sign-in.failed", user_id, kind=kind)
    session.commit()


def change_credentials(
    session: Session, user_id: int, changes: dict[str, Any], *, reason: str
) -> None:
    """Writes changed credentials; commits. With a new fs_uniquifier every session ends, because
    whoever knew the old password may be in one. `reason` becomes the audit row's action; the
    same password hashed anew changes nothing that anybody would want to know.
    """
    session.execute(update(User).where(User.id == user_id).values(**changes))
    if "fs_uniquifier" in changes:
        ended = end_sessions(session, user_id)
        _record(session, reason, user_id, sessions_ended=ended)
    session.commit()


def new_uniquifier() -> str:
    return secrets.token_hex(32)


def _record(session: Session, action: str, user_id: int, **details: Any) -> None:
    key, account_id = session.execute(
        select(User.key, User.account_id).where(User.id == user_id)
    ).one()
    record(session, action, "user", key, account_id=account_id, **details)
