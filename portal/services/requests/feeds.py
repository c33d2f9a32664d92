"""The address of somebody's own feed: a secret in it stands for them until it is revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Forbidden
from portal.domain.permissions import Role
from portal.models import Account, FeedToken, User, Vendor
from portal.services.audit import record
from portal.tenancy import scope_of

ROADMAP = "roadmap"
LONGEST_SECRET = 100


@dataclass(frozen=True, slots=True)
class FeedReader:
    """Whose feed it is, as they stand now. `locale` and `time_zone` are what they read in."""

    id: int
    email: str
    role: Role
    account_id: int | None
    locale: str
    time_zone: str
    csm_sees_all: bool


def make_feed(session: Session) -> str:
    """The secret, which is told once: a former one no longer holds. Commits. Raises Forbidden."""
    scope = scope_of(session)
    _end_living(session)
    secret = secrets.token_urlsafe(24)
    account_id = None if scope.role.side == "vendor" else scope.account_id
    token = FeedToken(
        key=new_key(),
        account_id=account_id,
        user_id=_own_id(session),
        feed=ROADMAP,
        secret_hash=_hash(secret),
        created_at=scope.now,
    )
    session.add(token)
    record(session, "feed.make", "feed_token", token.key, account_id=account_id)
    session.commit()
    return secret


def revoke_feed(session: Session) -> None:
    """A second time changes nothing. Commits. Raises Forbidden."""
    _end_living(session)
    session.commit()


def feed_made_at(session: Session) -> datetime | None:
    """When the reader's living address was made; None where there is none."""
    made = select(FeedToken.created_at).where(*_living(_own_id(session)))
    return session.scalar(made.order_by(FeedToken.id.desc()).limit(1))


def find_feed_reader(session: Session, secret: str) -> FeedReader | None:
    """Of somebody who may still sign in; for a session over all accounts."""
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    row = session.execute(
        select(
            User.id,
            User.email,
            User.role,
            User.account_id,
            func.coalesce(User.locale, Account.locale, "en").label("locale"),
            func.coalesce(User.time_zone, Account.time_zone, "UTC").label("time_zone"),
            Vendor.csm_sees_all,
        )
        .select_from(FeedToken)
        .join(User, User.id == FeedToken.user_id)
        .outerjoin(Account, Account.id == User.account_id)
        .outerjoin(Vendor, Vendor.id == 1)
        .where(
            FeedToken.secret_hash == _hash(secret),
            FeedToken.feed == ROADMAP,
            FeedToken.revoked_at.is_(None),
            User.active.is_(True),
        )
    ).one_or_none()
    if row is None:
        return None
    return FeedReader(
        id=row.id,
        email=row.email,
        role=Role(row.role),
        account_id=row.account_id,
        locale=row.locale,
        time_zone=row.time_zone,
        csm_sees_all=bool(row.csm_sees_all),
    )


def _end_living(session: Session) -> None:
    scope = scope_of(session)
    for token in session.scalars(select(FeedToken).where(*_living(_own_id(session)))):
        token.revoked_at = scope.now
        record(session, "feed.revoke", "feed_token", token.key, account_id=token.account_id)


def _living(user_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        FeedToken.user_id == user_id,
        FeedToken.feed == ROADMAP,
        FeedToken.revoked_at.is_(None),
    )


def _own_id(session: Session) -> int:
    found = scope_of(session).user_id
    if found is None:
        raise Forbidden
    return found


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
