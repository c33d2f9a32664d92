"""Clients that make up event names: the fold asks, in its transaction, that somebody be told."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.models import OutboxMessage
from portal.usage.store import chunks

FLOODED = "usage.flooded"


def announce_floods(session: Session, accounts: Iterable[int], now: datetime) -> None:
    """Once an account and UTC day. Folds write one after the other, so nobody else adds the row
    meanwhile.
    """
    day = now.astimezone(UTC).date()
    wanted = {f"{FLOODED}:{account}:{day}": account for account in accounts}
    for some in chunks(wanted):
        keys = OutboxMessage.idempotency_key
        known = set(session.scalars(select(keys).where(keys.in_(some))))
        rows = [_row(key, wanted[key], now) for key in some if key not in known]
        if rows:
            session.execute(insert(OutboxMessage), rows)


def _row(key: str, account: int, now: datetime) -> dict[str, object]:
    return {
        "kind": FLOODED,
        "payload": {},
        "idempotency_key": key,
        "account_id": account,
        "created_at": now,
    }
