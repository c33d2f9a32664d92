"""Messages whose account nobody knows: kept aside, and brought back when it appears."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.models import Account, UsageInbox, UsageMembership, UsageQuarantine
from portal.usage import log
from portal.usage.reading import LogRow, read_rows, unpack
from portal.usage.sorting import Sorted
from portal.usage.store import chunks

UNKNOWN, LATE = "", "late"


def keep(session: Session, done: Sorted, rows_read: Sequence[LogRow]) -> int:
    """Stores what could not be placed; returns how many messages. Apart by request, as each has
    its own envelope and time of arrival.
    """
    rows = [
        _row(key, person, rows_read[row], places)
        for (key, person), found in sorted(done.unknown.items())
        for row, places in done.by_row(found).items()
    ]
    if rows:
        session.execute(insert(UsageQuarantine), rows)
    return sum(row["messages"] for row in rows)


def keep_late(
    session: Session, done: Sorted, rows_read: Sequence[LogRow], late: Mapping[int, Sequence[int]]
) -> int:
    """Stores what nobody can tell from what counts already; returns how many messages."""
    if not late:
        return 0
    wanted = select(Account.id, Account.key).where(Account.id.in_(sorted(late)))
    rows = [
        {**_row(key, "", rows_read[row], places), "reason": LATE}
        for account, key in session.execute(wanted.order_by(Account.id))
        for row, places in done.by_row(late[account]).items()
    ]
    session.execute(insert(UsageQuarantine), rows)
    return sum(row["messages"] for row in rows)


def read_late(session: Session) -> Counter[tuple[int, int]]:
    """How often each (account, identity) was kept as late."""
    wanted = (
        select(Account.id, UsageQuarantine.id, UsageQuarantine.received_at, UsageQuarantine.body)
        .join(Account, Account.key == UsageQuarantine.account_key)
        .where(UsageQuarantine.reason == LATE)
    )
    found: Counter[tuple[int, int]] = Counter()
    for account, number, received_at, body in session.execute(wanted):
        row = LogRow(number, received_at, None, None, 0, log.KEPT, body)
        found.update((account, one) for one in read_rows([row], {}).messages.identity.tolist())
    return found


def count_late(session: Session) -> int:
    """Messages."""
    wanted = select(func.sum(UsageQuarantine.messages)).where(UsageQuarantine.reason == LATE)
    return int(session.scalar(wanted) or 0)


def drop_late(session: Session, accounts: Iterable[int] | None = None) -> None:
    """Of these accounts, or of all: their messages count now, or are known to have counted."""
    gone = delete(UsageQuarantine).where(UsageQuarantine.reason == LATE)
    if accounts is not None:
        keys = select(Account.key).where(Account.id.in_(sorted(accounts)))
        gone = gone.where(UsageQuarantine.account_key.in_(keys))
    session.execute(gone.execution_options(synchronize_session=False))


def drop_unknown(session: Session, since: datetime | None) -> None:
    """Those that the log holds as well: from then on, or all."""
    gone = delete(UsageQuarantine).where(UsageQuarantine.reason == UNKNOWN)
    if since is not None:
        gone = gone.where(UsageQuarantine.received_at >= since)
    session.execute(gone.execution_options(synchronize_session=False))


def _row(key: str, person: str, row: LogRow, places: Sequence[int]) -> dict[str, Any]:
    envelope, raws = unpack(row)
    return {
        "account_key": key,
        "external_id": person,
        "received_at": row.received_at,
        "messages": len(places),
        "body": log.pack(envelope, [raws[place] for place in places]),
    }


def attach(session: Session, account_keys: Sequence[str]) -> int:
    """Puts what was kept aside for these accounts back into the inbox, and what was kept for
    users who have joined one of them. Returns how many messages; the caller commits.
    """
    moved = 0
    for some in chunks(set(account_keys)):
        named = _columns().where(UsageQuarantine.account_key.in_(some))
        moved += _move(session, named.where(UsageQuarantine.reason == UNKNOWN))
        members = (
            _columns()
            .join(UsageMembership, UsageMembership.external_id == UsageQuarantine.external_id)
            .where(UsageQuarantine.account_key == "", UsageMembership.account_key.in_(some))
        )
        moved += _move(session, members)
    return moved


def attachable(session: Session) -> list[str]:
    """Keys of accounts that exist and have messages kept aside."""
    named = (
        select(Account.key)
        .join(UsageQuarantine, UsageQuarantine.account_key == Account.key)
        .where(UsageQuarantine.reason == UNKNOWN)
    )
    joined = (
        select(Account.key)
        .join(UsageMembership, UsageMembership.account_key == Account.key)
        .join(UsageQuarantine, UsageQuarantine.external_id == UsageMembership.external_id)
        .where(UsageQuarantine.account_key == "")
    )
    return sorted({*session.scalars(named.distinct()), *session.scalars(joined.distinct())})


def _columns() -> Select[int, datetime, int, bytes]:
    return select(
        UsageQuarantine.id,
        UsageQuarantine.received_at,
        UsageQuarantine.messages,
        UsageQuarantine.body,
    )


def _move(session: Session, wanted: Select[int, datetime, int, bytes]) -> int:
    rows = session.execute(wanted.order_by(UsageQuarantine.id)).all()
    if not rows:
        return 0
    session.execute(
        insert(UsageInbox),
        [
            {
                "received_at": row.received_at,
                "messages": row.messages,
                "kind": log.KEPT,
                "body": row.body,
                "replay": True,
            }
            for row in rows
        ],
    )
    for some in chunks(row.id for row in rows):
        session.execute(
            delete(UsageQuarantine)
            .where(UsageQuarantine.id.in_(some))
            .execution_options(synchronize_session=False)
        )
    return sum(row.messages for row in rows)


def kept_rows(
    session: Session, account_keys: Sequence[str], person: str
) -> list[tuple[int, LogRow]]:
    """What waits for or came too late in these accounts ("": waits for a user), by number."""
    wanted = _columns().where(UsageQuarantine.account_key.in_(account_keys))
    wanted = wanted.where(UsageQuarantine.external_id.in_(("", person)))
    return [
        (row.id, LogRow(row.id, row.received_at, None, None, row.messages, log.KEPT, row.body))
        for row in session.execute(wanted).all()
    ]


def save_kept(session: Session, number: int, body: bytes) -> None:
    session.execute(
        update(UsageQuarantine)
        .where(UsageQuarantine.id == number)
        .values(body=body)
        .execution_options(synchronize_session=False)
    )
