"""Keys for sending events (`write`) and for reading the API (`api`)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.db import Database, new_key
from portal.domain.errors import Invalid, NotFound
from portal.domain.quotas import LARGEST, Quota
from portal.models import Account, ApiKey
from portal.services.audit import record
from portal.tenancy import scope_of, system_scope

PREFIXES = {"write": "plw_", "api": "pla_"}
LONGEST_NAME = 120
# Made once: every request of a machine asks it.
_BY_SECRET = select(
    ApiKey.id,
    ApiKey.key,
    ApiKey.name,
    ApiKey.kind,
    ApiKey.account_id,
    ApiKey.used_at,
    ApiKey.events_per_minute,
    ApiKey.requests_per_minute,
).where(
    ApiKey.secret_hash == bindparam("hash"),
    ApiKey.kind == bindparam("wanted"),
    ApiKey.revoked_at.is_(None),
)
NO_QUOTA = Quota()
KEY_KEPT = timedelta(seconds=2)
# Keys that were found a moment ago, by kind and hash.
_recent: dict[tuple[str, str], tuple[datetime, "FoundKey"]] = {}


@dataclass(frozen=True, slots=True)
class NewKey:
    """`secret` is told this once; nobody can find it out again."""

    key: str
    name: str
    kind: str
    secret: str


@dataclass(frozen=True, slots=True)
class FoundKey:
    """Whose secret was shown. `account_id` None: it reaches every account."""

    id: int
    key: str
    name: str
    kind: str
    account_id: int | None
    used_at: datetime | None
    events_per_minute: int | None = None
    requests_per_minute: int | None = None

    @property
    def quota(self) -> Quota | None:
        """None where nothing is limited."""
        if self.events_per_minute is None and self.requests_per_minute is None:
            return None
        return Quota(self.events_per_minute, self.requests_per_minute)


@dataclass(frozen=True, slots=True)
class KeyView:
    key: str
    name: str
    kind: str
    hint: str
    account_key: str | None
    account_name: str | None
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    events_per_minute: int | None
    requests_per_minute: int | None


def create_key(
    session: Session,
    name: str,
    kind: str,
    account_key: str | None = None,
    *,
    quota: Quota = NO_QUOTA,
) -> NewKey:
    """Raises Invalid (name, kind, quota) and NotFound (account). Commits."""
    clean = _check(name.strip(), kind)
    _check_quota(kind, quota)
    account_id = None if account_key is None else _account_id(session, account_key)
    secret = PREFIXES[kind] + secrets.token_urlsafe(32)
    made = ApiKey(
        key=new_key(),
        name=clean,
        kind=kind,
        account_id=account_id,
        secret_hash=_hash(secret),
        hint=secret[:8],
        created_at=scope_of(session).now,
        events_per_minute=quota.events,
        requests_per_minute=quota.requests,
    )
    session.add(made)
    record(session, "key.created", "key", made.key, account_id=account_id, name=clean, kind=kind)
    session.commit()
    return NewKey(made.key, clean, kind, secret)


def find_key(session: Session, secret: str, kind: str) -> FoundKey | None:
    """The key of this secret that is not revoked. Needs a scope over all accounts, as nobody's
    scope is known yet.
    """
    if not secret.startswith(PREFIXES[kind]):
        return None
    found = session.execute(_BY_SECRET, {"hash": _hash(secret), "wanted": kind}).one_or_none()
    return None if found is None else FoundKey(*found)


def find_recent_key(database: Database, secret: str, kind: str, now: datetime) -> FoundKey | None:
    """Like `find_key`, asked at most every two seconds a key in this process: every request of
    events asks. Who revokes a key here is obeyed at once, elsewhere after that time.
    """
    if not secret.startswith(PREFIXES[kind]):
        return None
    name = (kind, _hash(secret))
    found_at, found = _recent.get(name, (None, None))
    if found_at is None or not timedelta() <= now - found_at < KEY_KEPT:
        with database.session(system_scope(now, "keys")) as session:
            found = find_key(session, secret, kind)
        _recent.pop(name, None)
        if found is not None:
            _recent[name] = (now, found)
    return found


def list_keys(session: Session) -> list[KeyView]:
    """Those in force first, then the revoked; the newest first."""
    rows = select(
        ApiKey.key,
        ApiKey.name,
        ApiKey.kind,
        ApiKey.hint,
        Account.key,
        Account.name,
        ApiKey.created_at,
        ApiKey.used_at,
        ApiKey.revoked_at,
        ApiKey.events_per_minute,
        ApiKey.requests_per_minute,
    ).outerjoin(Account, Account.id == ApiKey.account_id)
    order = (ApiKey.revoked_at.is_not(None), ApiKey.created_at.desc(), ApiKey.id.desc())
    return [KeyView(*row) for row in session.execute(rows.order_by(*order))]


def revoke_key(session: Session, key: str) -> None:
    """At once and for good; a second time changes nothing. Raises NotFound. Commits."""
    found = session.scalar(select(ApiKey).where(ApiKey.key == key))
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = scope_of(session).now
        record(session, "key.revoked", "key", key, account_id=found.account_id, name=found.name)
    session.commit()
    _recent.clear()


def find_key_view(session: Session, key: str) -> KeyView:
    """Raises NotFound."""
    for view in list_keys(session):
        if view.key == key:
            return view
    raise NotFound


def set_quota(session: Session, key: str, quota: Quota) -> None:
    """Counts at once in this process, within two seconds elsewhere. Raises NotFound, Invalid.
    Commits.
    """
    found = session.scalar(select(ApiKey).where(ApiKey.key == key))
    if found is None:
        raise NotFound
    _check_quota(found.kind, quota)
    found.events_per_minute, found.requests_per_minute = quota.events, quota.requests
    limits = {"events": quota.events, "requests": quota.requests}
    record(session, "key.quota", "key", key, account_id=found.account_id, **limits)
    session.commit()
    _recent.clear()


def _check_quota(kind: str, quota: Quota) -> None:
    given = {"events_per_minute": quota.events, "requests_per_minute": quota.requests}
    wrong = {
        name: "Give a whole number from 1 to 100,000,000, or nothing for no limit."
        for name, limit in given.items()
        if limit is not None and not 1 <= limit <= LARGEST
    }
    if kind != "write" and any(limit is not None for limit in given.values()):
        said = "Only a write key has a quota."
        raise Invalid(said, code="no-write-key", fields={"kind": said})
    if wrong:
        raise Invalid(" ".join(dict.fromkeys(wrong.values())), fields=wrong)


def _check(name: str, kind: str) -> str:
    wrong = {}
    if not 1 <= len(name) <= LONGEST_NAME:
        wrong["name"] = "Give the key a name of at most 120 characters."
    if kind not in PREFIXES:
        wrong["kind"] = "Choose write (send events) or api (read the API)."
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    return name


def _account_id(session: Session, account_key: str) -> int:
    found = session.scalar(select(Account.id).where(Account.key == account_key))
    if found is None:
        raise NotFound(f"There is no account {account_key}.")
    return found


def _hash(secret: str) -> str:
    """Plain SHA-256 is enough: the secret has 256 random bits."""
    return sha256(secret.encode()).hexdigest()
