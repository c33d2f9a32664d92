"""Refused messages, counted by UTC day and reason, in the transaction of the fold's step: each one
exactly once. Folds write one after the other, so nobody else makes a row meanwhile.
"""

from collections.abc import Sequence
from datetime import UTC, date, timedelta

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal.models import UsageRefusal
from portal.usage.reading import LogRow
from portal.usage.wire import Refusal

KEPT_DAYS = 90
Refused = Sequence[tuple[LogRow, Refusal]]


def count(session: Session, refused: Refused) -> None:
    """One row a day and reason, however many come, with the last of them as a sample."""
    if not refused:
        return
    found: dict[tuple[date, str], list[tuple[LogRow, Refusal]]] = {}
    for row, one in refused:
        day = row.received_at.astimezone(UTC).date()
        found.setdefault((day, one.reason), []).append((row, one))
    for (day, reason), same in sorted(found.items()):
        _add(session, day, reason, same)
    oldest = max(found)[0] - timedelta(days=KEPT_DAYS)
    session.execute(
        delete(UsageRefusal)
        .where(UsageRefusal.day < oldest)
        .execution_options(synchronize_session=False)
    )


def _add(session: Session, day: date, reason: str, same: Refused) -> None:
    row, last = same[-1]
    latest = {
        "last_at": row.received_at,
        "detail": last.detail,
        "sample": last.sample,
        "key_id": row.key_id,
    }
    known = session.execute(
        update(UsageRefusal)
        .where(UsageRefusal.day == day, UsageRefusal.reason == reason)
        .values(messages=UsageRefusal.messages + len(same), **latest)
        .returning(UsageRefusal.day)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if known is None:
        new = {"day": day, "reason": reason, "messages": len(same), **latest}
        session.execute(insert(UsageRefusal).values(**new))
