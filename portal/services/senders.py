"""What arrives now: by which key, and the newest messages as they were understood."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.domain.event_rules import OTHER_NAME
from portal.models import Account, ApiKey, UsageArrival, UsageLog, UsageName, UsageNameDay
from portal.tenancy import scope_of
from portal.usage import moments
from portal.usage.log_rows import PACK
from portal.usage.message import Event
from portal.usage.reading import LogRow, unpack
from portal.usage.rollups import MOST_NAMES, MOST_NAMES_OF_ONE
from portal.usage.wire import parse_messages

HOUR = timedelta(hours=1)
# Whole minutes that the present pace is the mean of.
PACE_MINUTES = 5
NEWEST_ROWS, NEWEST_MESSAGES = 3, 12
# Days younger than that are in no sealed block (usage/sealing.py).
FLOOD_SPAN = timedelta(days=30)
MOST_FLOODS = 20


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
    """An account whose client makes up event names: further ones are counted together. `names` it
    was the first to send; `events` counted together in the last 30 days.
    """

    account_key: str
    account_name: str
    names: int
    events: int
    last_day: date


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
    """Those of the last 30 days, the most events first."""
    names = func.count(UsageName.id)
    rows = session.execute(
        select(Account.id, Account.key, Account.name, names)
        .join(UsageName, UsageName.account_id == Account.id)
        .group_by(Account.id, Account.key, Account.name)
        .order_by(names.desc(), Account.name)
    ).all()
    room = sum(row[-1] for row in rows) < MOST_NAMES
    suspects = {row.id: row for row in rows if row[-1] >= MOST_NAMES_OF_ONE or not room}
    some = dict(list(suspects.items())[:MOST_FLOODS])
    found = [FloodRow(*some[row[0]][1:], *row[1:]) for row in _counted_together(session, some)]
    return sorted(found, key=lambda row: (-row.events, row.account_name))


def _counted_together(session: Session, accounts: Collection[int]) -> Iterable[Any]:
    """Account, events, last day; few accounts, so that the days' own order finds them."""
    since = scope_of(session).now.date() - FLOOD_SPAN
    return session.execute(
        select(UsageNameDay.account_id, func.sum(UsageNameDay.events), func.max(UsageNameDay.day))
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .where(
            UsageName.name == OTHER_NAME,
            UsageNameDay.account_id.in_(accounts),
            UsageNameDay.day >= since,
        )
        .group_by(UsageNameDay.account_id)
    )
