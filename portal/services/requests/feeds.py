"""The addresses of somebody's own feeds: a secret in each stands for them until it is revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.permissions import Role
from portal.models import Account, FeedToken, User, Vendor
from portal.search.folding import normalise
from portal.services.audit import record
from portal.tenancy import scope_of

ROADMAP = "roadmap"
LONGEST_SECRET = 100
LONGEST_NAME = 60
MOST_FEEDS = 10
NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Feed:
    """`name` is empty where nobody gave one; `used_at` None before anything has asked for it."""

    key: str
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedReader:
    """Whose feed it is, as they stand now. `locale` and `time_zone` are what they read in.
    `unnoted`: the last use of the address that is known is longer ago than NOTED_EVERY.
    """

    id: int
    email: str
    role: Role
    account_id: int | None
    locale: str
    time_zone: str
    csm_sees_all: bool
    token_id: int
    unnoted: bool


def make_feed(session: Session, name: str = "") -> str:
    """The secret, which is told once. Commits. Raises Forbidden, and Conflict past MOST_FEEDS."""
    scope, user_id = scope_of(session), _own_id(session)
    if len(list_feeds(session)) >= MOST_FEEDS:
        raise Conflict("Revoke one that you do not use any more first.", code="too-many-feeds")
    secret = secrets.token_urlsafe(24)
    account_id = None if scope.role.side == "vendor" else scope.account_id
    token = FeedToken(
        key=new_key(),
        account_id=account_id,
        user_id=user_id,
        feed=ROADMAP,
        name=" ".join(normalise(name).split())[:LONGEST_NAME],
        secret_hash=_hash(secret),
        created_at=scope.now,
    )
    session.add(token)
    record(session, "feed.make", "feed_token", token.key, account_id=account_id)
    session.commit()
    return secret


def revoke_feed(session: Session, key: str) -> None:
    """One of the reader's own; commits. Raises Forbidden, and NotFound, also for one revoked."""
    living = _living(_own_id(session))
    token = session.scalar(select(FeedToken).where(FeedToken.key == key, *living))
    if token is None:
        raise NotFound
    token.revoked_at = scope_of(session).now
    record(session, "feed.revoke", "feed_token", token.key, account_id=token.account_id)
    session.commit()


def list_feeds(session: Session) -> list[Feed]:
    """The reader's living addresses, the newest first. Raises Forbidden."""
    wanted = select(FeedToken.key, FeedToken.name, FeedToken.created_at, FeedToken.used_at)
    living = wanted.where(*_living(_own_id(session))).order_by(FeedToken.id.desc())
    return [Feed(*row) for row in session.execute(living)]


def note_use(session: Session, reader: FeedReader) -> None:
    """That an address was asked for, once it is due (`FeedReader.unnoted`). Commits."""
    found = update(FeedToken).where(FeedToken.id == reader.token_id)
    session.execute(found.values(used_at=scope_of(session).now))
    session.commit()


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
            FeedToken.id.label("token_id"),
            FeedToken.used_at,
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
        token_id=row.token_id,
        unnoted=row.used_at is None or scope_of(session).now - row.used_at >= NOTED_EVERY,
    )


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
