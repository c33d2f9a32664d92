"""What arrives now: by which key, and the newest messages as they were understood."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.models import Account, ApiKey, UsageArrival, UsageLog, UsageName
from portal.tenancy import scope_of
from portal.usage import moments
from portal.usage.log_rows import PACK
from portal.usage.message import Event
from portal.usage.reading import LogRow, unpack
from portal.usage.rollups import MOST_NAMES_OF_ONE
from portal.usage.wire import parse_messages

HOUR = timedelta(hours=1)
# Whole minutes that the present pace is the mean of.
PACE_MINUTES = 5
NEWEST_ROWS, NEWEST_MESSAGES = 3, 12


@dataclass(frozen=True, slots=True)
class SenderRow:
    """Of the last hour; `pace` is requests a minute over the last five of it. `name` is None for
    files and for keys that are gone.
    """

    name: str | None
    pace: float
    requests: int
    messages: int
    refused: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message that was taken. `at` is its own time by our clock; `event` is empty where its kind
    says it all.
    """

    received_at: datetime
    at: datetime
    kind: str
    event: str
    person: str
    account_key: str


@dataclass(frozen=True, slots=True)
class FloodRow:
    """An account whose client makes up event names: further ones are counted together."""

    account_key: str
    account_name: str
    names: int


def list_senders(session: Session) -> list[SenderRow]:
    """As the fold has counted them, the busiest first."""
    now = scope_of(session).now
    this_minute = now.replace(second=0, microsecond=0)
    since = this_minute - timedelta(minutes=PACE_MINUTES)
    is_recent = (UsageArrival.minute >= since) & (UsageArrival.minute < this_minute)
    recent = case((is_recent, UsageArrival.requests), else_=0)
    rows = session.execute(
        select(
            ApiKey.name,
            func.sum(recent),
            func.sum(UsageArrival.requests),
            func.sum(UsageArrival.messages),
            func.sum(UsageArrival.refused),
            func.max(UsageArrival.minute),
        )
        .select_from(UsageArrival)
        .outerjoin(ApiKey, ApiKey.id == UsageArrival.key_id)
        .where(UsageArrival.minute >= now - HOUR)
        .group_by(UsageArrival.key_id, ApiKey.name)
        .order_by(func.sum(UsageArrival.messages).desc())
    )
    return [
        SenderRow(name, int(pace) / PACE_MINUTES, int(requests), int(messages), int(refused), last)
        for name, pace, requests, messages, refused, last in rows
    ]


def newest_messages(session: Session) -> list[MessageRow]:
    """Out of the last requests in the log, the newest first."""
    rows = session.execute(
        select(
            UsageLog.id,
            UsageLog.received_at,
            UsageLog.bound_id,
            UsageLog.key_id,
            UsageLog.messages,
            UsageLog.kind,
            UsageLog.body,
        )
        # What is packed came on a day before.
        .where(UsageLog.kind != PACK)
        .order_by(UsageLog.id.desc())
        .limit(NEWEST_ROWS)
    )
    return list(islice(_messages(LogRow(*row) for row in rows), NEWEST_MESSAGES))


def _messages(rows: Iterator[LogRow]) -> Iterator[MessageRow]:
    for row in rows:
        envelope, raws = unpack(row)
        last = list(raws)[-NEWEST_MESSAGES:]
        parsed = parse_messages(envelope, last, moments.microseconds(row.received_at))
        yield from (_row(row, event) for event in reversed(parsed.events))


def _row(row: LogRow, event: Event) -> MessageRow:
    account = event.group or event.later_group
    at = moments.moment_of(event.at)
    return MessageRow(row.received_at, at, event.kind, event.name, event.person, account)


def list_floods(session: Session) -> list[FloodRow]:
    names = func.count(UsageName.id)
    rows = session.execute(
        select(Account.key, Account.name, names)
        .join(UsageName, UsageName.account_id == Account.id)
        .group_by(Account.key, Account.name)
        .having(names >= MOST_NAMES_OF_ONE)
        .order_by(Account.name)
    )
    return [FloodRow(*row) for row in rows]
