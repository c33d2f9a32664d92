"""What came in by which key, minute by minute, in the transaction of the fold's step."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal.models import UsageArrival
from portal.usage.reading import LogRow
from portal.usage.refusals import Refused

KEPT = timedelta(days=1)
# What came in a file, by no key.
NO_KEY = 0
Key = tuple[datetime, int]


def count(session: Session, rows: Iterable[LogRow], refused: Refused) -> None:
    """What comes back from quarantine came long before, and counts no second time."""
    found: dict[Key, list[int]] = {}
    for row in rows:
        if not row.replay:
            counts = found.setdefault(_key(row), [0, 0, 0])
            counts[0] += 1
            counts[1] += row.messages
    for row, _one in refused:
        found.setdefault(_key(row), [0, 0, 0])[2] += 1
    for key, counts in sorted(found.items()):
        _add(session, key, counts)
    if found:
        session.execute(
            delete(UsageArrival)
            .where(UsageArrival.minute < max(found)[0] - KEPT)
            .execution_options(synchronize_session=False)
        )


def _key(row: LogRow) -> Key:
    return row.received_at.replace(second=0, microsecond=0), row.key_id or NO_KEY


def _add(session: Session, key: Key, counts: list[int]) -> None:
    """Folds write one after the other, so nobody else makes the row meanwhile."""
    minute, key_id = key
    requests, messages, refused = counts
    known = session.execute(
        update(UsageArrival)
        .where(UsageArrival.minute == minute, UsageArrival.key_id == key_id)
        .values(
            requests=UsageArrival.requests + requests,
            messages=UsageArrival.messages + messages,
            refused=UsageArrival.refused + refused,
        )
        .returning(UsageArrival.key_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if known is None:
        new = {"requests": requests, "messages": messages, "refused": refused}
        session.execute(insert(UsageArrival).values(minute=minute, key_id=key_id, **new))
