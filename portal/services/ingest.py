"""Usage messages in: appended to the durable log and committed before anybody is answered.

Doors call `parse_request` (portal/usage/wire.py), then `accept` in a system scope opened with
`writes=True`. The fold (portal/usage/fold.py) makes figures of them later.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BufferedReader
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.domain.errors import DomainError
from portal.models import Account, UsageInbox, UsageRefusal
from portal.services.api_keys import FoundKey
from portal.services.once import add_once
from portal.tenancy import scope_of
from portal.usage import log
from portal.usage.message import Refused
from portal.usage.wire import EVENT_BYTES, GZIP, Parsed, Refusal, parse_lines, refuse

REFUSALS_KEPT_DAYS = 90
LINES_A_ROW = 500
_INTO_INBOX = insert(UsageInbox.__table__)  # type: ignore[arg-type] # declared FromClause, always a Table
# Built once: every request runs it.
APPEND = insert(UsageInbox.__table__)  # type: ignore[arg-type] # declared FromClause, always a Table


@dataclass(frozen=True, slots=True)
class Receipt:
    """`accepted` messages are durable; `refused` ones are counted and listed."""

    accepted: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def accept(session: Session, parsed: Parsed, key: FoundKey | None = None) -> Receipt:
    """Appends the good messages, counts the refused ones, commits.

    A key that is bound to an account takes messages for that account alone; one that names
    another is refused. Needs a scope over all accounts.
    """
    bound = None if key is None else key.account_id
    if bound is not None:
        _hold_to_account(session, parsed, bound)
    if parsed.raws:
        _append(session, parsed, bound)
    if parsed.refused:
        _count_refusals(session, parsed.refused)
    session.commit()
    return Receipt(len(parsed.raws), len(parsed.refused), parsed.refused)


def accept_lines(session: Session, lines: Iterable[bytes]) -> Iterator[Receipt]:
    """A file of one message a line, through the same path: one receipt, and one commit, for
    each 500 lines; refusals carry their line from 1. Times are taken as they stand: the file's
    `sentAt` is of another day. The same file again changes nothing.
    """
    now, first = scope_of(session).now, 1
    source = iter(lines)
    while some := list(islice(source, LINES_A_ROW)):
        yield accept(session, parse_lines(some, first=first, now=now))
        first += len(some)


def read_lines(source: BufferedReader) -> Iterator[bytes]:
    """Lines of a plain or gzip file without ever holding one that is far too long; raises
    DomainError where the gzip data is damaged or cut off.
    """
    start = source.peek(2)[:2]
    stream: Any = gzip.GzipFile(fileobj=source) if start == GZIP else source
    try:
        while line := stream.readline(2 * EVENT_BYTES):
            yield line
            while len(line) == 2 * EVENT_BYTES and not line.endswith(b"\n"):
                line = stream.readline(2 * EVENT_BYTES)
    except (EOFError, OSError, zlib.error):
        raise DomainError("The gzip data is damaged or cut off.", code="invalid-gzip") from None


def _append(session: Session, parsed: Parsed, bound: int | None) -> None:
    session.execute(
        APPEND,
        {
            "received_at": scope_of(session).now,
            "bound_id": bound,
            "messages": len(parsed.raws),
            "body": log.pack(parsed.envelope, parsed.raws),
            "replay": False,
        },
    )


def _hold_to_account(session: Session, parsed: Parsed, account_id: int) -> None:
    own = session.scalar(select(Account.key).where(Account.id == account_id))
    kept = []
    for raw, event, position in zip(parsed.raws, parsed.events, parsed.positions, strict=True):
        if {event.group, event.later_group} - {"", own}:
            wrong = Refused("other-account", "this key may only send for its own account")
            refuse(parsed, raw, position, wrong)
        else:
            kept.append((raw, event, position))
    parsed.raws = [one[0] for one in kept]
    parsed.events = [one[1] for one in kept]
    parsed.positions = [one[2] for one in kept]


def _count_refusals(session: Session, refused: list[Refusal]) -> None:
    """One row a day and reason, however many come; in a fixed order against deadlocks."""
    now = scope_of(session).now
    day = now.astimezone(UTC).date()
    for reason in sorted({one.reason for one in refused}):
        same = [one for one in refused if one.reason == reason]
        _add_refusals(session, day, now, same)
    oldest = date.fromordinal(day.toordinal() - REFUSALS_KEPT_DAYS)
    session.execute(delete(UsageRefusal).where(UsageRefusal.day < oldest))


def _add_refusals(session: Session, day: date, now: datetime, same: list[Refusal]) -> None:
    last = same[-1]
    found = session.execute(
        update(UsageRefusal)
        .where(UsageRefusal.day == day, UsageRefusal.reason == last.reason)
        .values(
            messages=UsageRefusal.messages + len(same),
            last_at=now,
            detail=last.detail,
            sample=last.sample,
        )
        .returning(UsageRefusal.day)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if found is None:
        row = UsageRefusal(
            day=day,
            reason=last.reason,
            messages=len(same),
            last_at=now,
            detail=last.detail,
            sample=last.sample,
        )
        _insert_or_add(session, row, same)


def _insert_or_add(session: Session, row: UsageRefusal, same: list[Refusal]) -> None:
    """Another request may have made the day's row at the same moment."""
    if not add_once(session, row, "usage_refusal"):
        _add_refusals(session, row.day, row.last_at, same)
