"""Requests with usage that were refused whole: no message of them came as far as the fold."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import database_of
from portal.domain.errors import DomainError
from portal.models import ApiKey, RefusedRequest
from portal.tenancy import scope_of
from portal.usage import wire

KEPT = timedelta(days=90)
# Whoever makes up keys fills no table: further senders of a day are counted without a hint.
MOST_A_DAY = 500
MOST_READ, MOST_LISTED = 2_000, 50
# The last characters of what is shorter would tell too much of it.
LEAST_SECRET, HINT = 12, 4
LONGEST_AGENT = 120
BAD_KEY = frozenset({"unknown-key", "unauthorized"})
KIND_OF_DOOR = {"segment": "write", "posthog": "write"}
# Day, door, reason, key, hint.
Place = tuple[date, str, str, int, str]
_SECRET = re.compile(rb'"(?:writeKey|api_key|token)"\s*:\s*"([^"\\]{1,200})"')


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever showed a secret: by its SHA-256, which stays in memory, and its last characters."""

    digest: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """`door`: segment, posthog, days or volumes. `reason`: the code of the answer."""

    door: str
    reason: str
    sender: Sender


@dataclass(frozen=True, slots=True)
class Times:
    requests: int
    last_at: datetime
    agent: str = ""

    def plus(self, later: "Times") -> "Times":
        return replace(later, requests=self.requests + later.requests)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """Of the days kept. `key` and `key_name` are empty where no key of ours was shown; `hint` is
    then the end of what was. `agent`: what the last of them called itself.
    """

    door: str
    reason: str
    key: str | None
    key_name: str | None
    hint: str
    requests: int
    last_at: datetime
    agent: str


def sender_of(secret: str) -> Sender:
    if not secret:
        return Sender()
    hint = secret[-HINT:] if len(secret) >= LEAST_SECRET else ""
    plain = hint.isascii() and hint.isprintable()
    return Sender(sha256(secret.encode(errors="replace")).hexdigest(), hint if plain else "")


def secret_in(body: bytes) -> str:
    """The key in a body that may be broken; empty where none is found."""
    try:
        text = wire.unpacked(body)
    except DomainError:
        text = body
    found = _SECRET.search(text)
    return found[1].decode(errors="replace") if found else ""


def keep_refused(session: Session, found: Mapping[Refused, Times]) -> None:
    """Adds to what is counted; commits. In the order of their places, so that two processes wait
    for each other and never in a ring.
    """
    keys = _keys(session, {one.sender.digest for one in found})
    room = _today(session) < MOST_A_DAY
    placed: dict[Place, Times] = {}
    for one, times in found.items():
        place = _place(one, times, keys.get(one.sender.digest))
        place = place if room else (*place[:4], "")
        known = placed.get(place)
        placed[place] = times if known is None else known.plus(times)
    for place in sorted(placed):
        _add(session, place, placed[place])
    session.commit()


def list_refused(session: Session) -> list[RefusedRow]:
    """The latest first."""
    rows = session.execute(
        select(
            *(RefusedRequest.door, RefusedRequest.reason, ApiKey.key, ApiKey.name),
            *(RefusedRequest.hint, RefusedRequest.requests, RefusedRequest.last_at),
            RefusedRequest.agent,
        )
        .outerjoin(ApiKey, ApiKey.id == RefusedRequest.key_id)
        .order_by(RefusedRequest.last_at.desc())
        .limit(MOST_READ)
    )
    return _together(RefusedRow(*row) for row in rows)[:MOST_LISTED]


def forget_refused(session: Session) -> int:
    """How many rows have gone; the caller commits."""
    old = delete(RefusedRequest).where(RefusedRequest.last_at < scope_of(session).now - KEPT)
    done: Any = session.execute(old.execution_options(synchronize_session=False))
    return int(done.rowcount)


def _together(rows: Iterable[RefusedRow]) -> list[RefusedRow]:
    """The days of one sender and reason in one row, as the latest of them says."""
    found: dict[tuple[Any, ...], RefusedRow] = {}
    for row in rows:
        place = (row.door, row.reason, row.key, row.hint)
        known = found.get(place, replace(row, requests=0))
        found[place] = replace(known, requests=known.requests + row.requests)
    return list(found.values())


def _keys(session: Session, digests: Iterable[str]) -> dict[str, Any]:
    columns = (ApiKey.secret_hash, ApiKey.id, ApiKey.kind, ApiKey.revoked_at)
    rows = session.execute(select(*columns).where(ApiKey.secret_hash.in_(sorted(digests))))
    return {row.secret_hash: row for row in rows}


def _place(one: Refused, times: Times, key: Any) -> Place:
    """Of a key that does not open the door it is said why."""
    day, reason = times.last_at.astimezone(UTC).date(), one.reason
    if reason in BAD_KEY:
        reason = _why(one, key)
    hint = one.sender.hint if key is None else ""
    return day, one.door, reason[:40], 0 if key is None else key.id, hint


def _why(one: Refused, key: Any) -> str:
    if key is None:
        return "unknown-key" if one.sender.digest else "no-key"
    if key.kind != KIND_OF_DOOR.get(one.door, "api"):
        return "wrong-kind"
    return "revoked-key" if key.revoked_at is not None else "unknown-key"


def _today(session: Session) -> int:
    rows = select(func.count()).where(RefusedRequest.day == scope_of(session).now.date())
    return session.scalar(rows) or 0


def _add(session: Session, place: Place, times: Times) -> None:
    insert = sqlite.insert if database_of(session).is_sqlite else postgresql.insert
    names = ("day", "door", "reason", "key_id", "hint")
    made = insert(RefusedRequest).values(
        **dict(zip(names, place, strict=True)),
        requests=times.requests,
        last_at=times.last_at,
        agent=times.agent,
    )
    more = RefusedRequest.requests + made.excluded.requests
    latest = {"last_at": made.excluded.last_at, "agent": made.excluded.agent}
    session.execute(
        made.on_conflict_do_update(index_elements=names, set_={"requests": more, **latest})
    )
