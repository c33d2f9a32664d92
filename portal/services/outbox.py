"""Effects of a change, written with it and turned into jobs after its commit."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Job, OutboxMessage
from portal.services.once import add_once
from portal.tenancy import scope_of

BATCH = 100
_WAIT = "wait_seconds"


def announce(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    idempotency_key: str,
    account_id: int | None = None,
    *,
    wait: timedelta = timedelta(),
) -> bool:
    """Asks for an effect in the caller's transaction, `wait` after it at the earliest. The same key
    a second time: nothing is added, and the answer is False. The key is one for all accounts and
    for good.
    """
    if wait:
        payload = {**payload, _WAIT: wait.total_seconds()}
    message = OutboxMessage(
        kind=kind,
        payload=payload,
        idempotency_key=idempotency_key,
        account_id=account_id,
        created_at=scope_of(session).now,
    )
    return add_once(session, message, "idempotency_key")


def anything_unsent(session: Session) -> bool:
    unsent = select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None)).limit(1)
    return session.execute(unsent).first() is not None


def relay(session: Session, routes: Mapping[str, Sequence[str]]) -> int:
    """Turns up to 100 unsent messages into jobs, marks them in the same transaction, and
    commits; returns how many. So each becomes its jobs exactly once, over any number of workers.

    `routes` names the jobs of a kind; a kind that is not there is the name of its one job.
    """
    unsent = (
        select(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None))
        .order_by(OutboxMessage.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    messages = session.scalars(unsent).all()
    now = scope_of(session).now
    for message in messages:
        for name in routes.get(message.kind, (message.kind,)):
            session.add(_job_of(message, name))
        message.sent_at = now
        message.payload = {}
    session.commit()
    return len(messages)


def _job_of(message: OutboxMessage, name: str) -> Job:
    payload = dict(message.payload)
    wait = timedelta(seconds=payload.pop(_WAIT, 0))
    return Job(
        name=name,
        payload={**payload, "idempotency_key": message.idempotency_key},
        account_id=message.account_id,
        due_at=message.created_at + wait,
        created_at=message.created_at,
    )
