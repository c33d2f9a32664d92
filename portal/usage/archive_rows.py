"""Rows of the archive changed: a person made nobody, and what is too old thrown away."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.models import UsageArchive
from portal.usage.archive_reading import exported, made_nobodys
from portal.usage.archived import pack, unpack
from portal.usage.person_log import KEPT_PROPERTIES, Whose


def messages_of(session: Session, whose: Whose) -> Iterator[dict[str, Any]]:
    """The person's archived events as messages, block by block."""
    for row in session.execute(_blocks(whose.account)):
        yield from exported(unpack(row.body), whose.person, whose.account_key)


def make_nobodys(
    session: Session, whose: Whose, substitute: str, properties: frozenset[str]
) -> None:
    """Nobody archives anything meanwhile. The caller commits."""
    kept = KEPT_PROPERTIES | properties
    for row in session.execute(_blocks(whose.account)).all():
        changed = made_nobodys(unpack(row.body), whose.person, substitute, kept)
        if changed is not None:
            own = update(UsageArchive).where(UsageArchive.id == row.id)
            _execute(session, own.values(body=pack(changed)))


def throw_away(session: Session, until: datetime) -> int:
    """What came wholly before; how many events. The caller notes it and commits."""
    old = UsageArchive.received_to < until
    events = session.scalar(select(func.sum(UsageArchive.events)).where(old)) or 0
    _execute(session, delete(UsageArchive).where(old))
    return int(events)


def has_older(session: Session, until: datetime) -> bool:
    old = select(UsageArchive.id).where(UsageArchive.received_to < until)
    return session.scalar(old.limit(1)) is not None


def _blocks(account: int) -> Any:
    wanted = select(UsageArchive.id, UsageArchive.body).where(UsageArchive.account_id == account)
    return wanted.order_by(UsageArchive.block, UsageArchive.id)


def _execute(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
