"""What the admin has to look at: refused messages, unknown names, accounts and persons."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.event_rules import read_variant
from portal.models import (
    ApiKey,
    UsageFold,
    UsageMistimed,
    UsageName,
    UsageQuarantine,
    UsageRefusal,
)
from portal.usage import inbox, quarantine
from portal.usage.event_rules import read_resolver

MOST_ROWS = 500
MOST_READ, MOST_LISTED = 2_000, 100


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """Messages of one UTC day refused for one reason; `sample` is the last of them, cut short, and
    `key_name` whose it was.
    """

    day: date
    reason: str
    messages: int
    last_at: datetime
    detail: str
    sample: str
    key_name: str | None = None


@dataclass(frozen=True, slots=True)
class UnmappedRow:
    """An event name that is counted as activity but belongs to no feature."""

    name: str
    events: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class UnknownAccountRow:
    """Messages kept aside, resent ones included, by account key; an empty key: they named no
    account at all, and their users never joined one.
    """

    account_key: str
    messages: int
    first_received_at: datetime
    last_received_at: datetime


@dataclass(frozen=True, slots=True)
class IntakeState:
    """`waiting`: accepted, not folded. `anonymous`: kept, but no activity of a person."""

    waiting: int
    oldest_waiting_at: datetime | None
    folded_to: datetime | None
    anonymous: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class HeldBackRow:
    """What the quota of a key has refused since it has one."""

    key: str
    name: str
    requests: int
    events: int
    last_at: datetime


def list_held_back(session: Session) -> list[HeldBackRow]:
    """The latest first."""
    found = {row.key_id: row for row in inbox.held_back(session)}
    keys = select(ApiKey.id, ApiKey.key, ApiKey.name).where(ApiKey.id.in_(found))
    rows = [
        HeldBackRow(key, name, found[id_].requests, found[id_].events, found[id_].last_at)
        for id_, key, name in session.execute(keys)
    ]
    return sorted(rows, key=lambda row: row.last_at, reverse=True)


def list_refusals(session: Session) -> list[RefusalRow]:
    """The latest first; 90 days are kept."""
    columns = (
        UsageRefusal.day,
        UsageRefusal.reason,
        UsageRefusal.messages,
        UsageRefusal.last_at,
        UsageRefusal.detail,
        UsageRefusal.sample,
        ApiKey.name,
    )
    wanted = (
        select(*columns)
        .outerjoin(ApiKey, ApiKey.id == UsageRefusal.key_id)
        .order_by(UsageRefusal.last_at.desc())
        .limit(MOST_ROWS)
    )
    return [RefusalRow(*row) for row in session.execute(wanted)]


def list_unmapped(session: Session) -> list[UnmappedRow]:
    """The most frequent first."""
    resolver = read_resolver(session)
    found: dict[str, UnmappedRow] = {}
    wanted = select(UsageName.name, UsageName.events, UsageName.first_at, UsageName.last_at)
    for row in session.execute(wanted):
        if resolver.rule_of(row.name) is None:
            name = read_variant(row.name)[0]
            known = found.get(name)
            found[name] = UnmappedRow(
                name,
                row.events + (known.events if known else 0),
                min(row.first_at, known.first_at) if known else row.first_at,
                max(row.last_at, known.last_at) if known else row.last_at,
            )
    return sorted(found.values(), key=lambda row: (-row.events, row.name))


def list_unknown_accounts(session: Session) -> list[UnknownAccountRow]:
    """The most messages first."""
    volume = func.sum(UsageQuarantine.messages)
    wanted = (
        select(
            UsageQuarantine.account_key,
            volume,
            func.min(UsageQuarantine.received_at),
            func.max(UsageQuarantine.received_at),
        )
        .where(UsageQuarantine.reason == quarantine.UNKNOWN)
        .group_by(UsageQuarantine.account_key)
        .order_by(volume.desc(), UsageQuarantine.account_key)
        .limit(MOST_ROWS)
    )
    return [UnknownAccountRow(key, int(n), *span) for key, n, *span in session.execute(wanted)]


@dataclass(frozen=True, slots=True)
class LateRow:
    """Messages that came when nobody could tell any more whether they count already."""

    account_key: str
    messages: int
    last_received_at: datetime


def list_late(session: Session) -> list[LateRow]:
    """The most messages first."""
    volume = func.sum(UsageQuarantine.messages)
    wanted = (
        select(UsageQuarantine.account_key, volume, func.max(UsageQuarantine.received_at))
        .where(UsageQuarantine.reason == quarantine.LATE)
        .group_by(UsageQuarantine.account_key)
        .order_by(volume.desc(), UsageQuarantine.account_key)
        .limit(MOST_ROWS)
    )
    return [LateRow(key, int(n), last) for key, n, last in session.execute(wanted)]


@dataclass(frozen=True, slots=True)
class MistimedRow:
    """Messages of the last 90 days whose time cannot be; `first_day` and `last_day` are what they
    say, `sample` is the last of them. `key_name` None: a file, or a key that is gone.
    """

    reason: str
    account_key: str
    key_name: str | None
    messages: int
    last_at: datetime
    first_day: date
    last_day: date
    sample: str


def list_mistimed(session: Session) -> list[MistimedRow]:
    """The latest first, the days of one account and key together."""
    rows = session.execute(
        select(
            *(UsageMistimed.reason, UsageMistimed.account_key, ApiKey.name),
            *(UsageMistimed.messages, UsageMistimed.last_at, UsageMistimed.first_day),
            *(UsageMistimed.last_day, UsageMistimed.sample, UsageMistimed.key_id),
        )
        .outerjoin(ApiKey, ApiKey.id == UsageMistimed.key_id)
        .order_by(UsageMistimed.last_at.desc())
        .limit(MOST_READ)
    )
    found: dict[tuple[str, str, int], MistimedRow] = {}
    for one in rows:
        row = MistimedRow(*one[:-1])
        place = (row.reason, row.account_key, one.key_id)
        found[place] = _with_days(found[place], row) if place in found else row
    return list(found.values())[:MOST_LISTED]


def _with_days(latest: MistimedRow, other: MistimedRow) -> MistimedRow:
    return replace(
        latest,
        messages=latest.messages + other.messages,
        first_day=min(latest.first_day, other.first_day),
        last_day=max(latest.last_day, other.last_day),
    )


def intake_state(session: Session) -> IntakeState:
    waiting = inbox.waiting(session)
    row = session.execute(
        select(UsageFold.folded_to, UsageFold.anonymous, UsageFold.duplicates)
    ).one_or_none()
    return IntakeState(waiting.messages, waiting.oldest_at, *(row or (None, 0, 0)))
