"""Once a day, at eight in the reader's morning: what they follow, in one mail, by request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.notices import Way
from portal.models import Notice, OutboxMessage, Request
from portal.services.mail import queue_mail
from portal.services.notices.certificates import digest_groups
from portal.services.notices.choices import DIGEST
from portal.services.notices.links import Links, path_of
from portal.services.notices.mails import words_of
from portal.services.notices.readers import Reader, find_readers
from portal.services.requests.access import readable
from portal.services.requests.labels import state_labels
from portal.tenancy import scope_of

MORNING = 8
MOST_NOTICES = 200
MOST_GROUPS = 20
"""Requests and certificates in one mail; the others stand under the bell."""


@dataclass(frozen=True, slots=True)
class Morning:
    """Somebody whose morning it is, and who has had no such mail today."""

    reader: Reader
    key: str


def mornings(session: Session) -> list[Morning]:
    """Of those who have something to be told. Needs a session over all accounts."""
    waiting = select(Notice.user_id).where(*_unmailed()).distinct()
    found = [
        Morning(reader, f"digest:{reader.id}:{local.date()}")
        for reader in find_readers(session, session.scalars(waiting).all())
        if (local := _local(reader)).hour >= MORNING
    ]
    keys = {f"mail:{one.key}" for one in found}
    known = select(OutboxMessage.idempotency_key).where(OutboxMessage.idempotency_key.in_(keys))
    had = set(session.scalars(known))
    return [one for one in found if f"mail:{one.key}" not in had]


def queue_digest(session: Session, morning: Morning, links: Links) -> bool:
    """In a session of the reader's own scope: what they may no longer read is left out. Whether
    there was something to tell. Commits.
    """
    rows = _rows(session)
    groups = [
        *_groups(session, morning.reader, rows, links),
        *digest_groups(session, morning.reader, rows, links),
    ]
    if groups and not _queue(session, morning, groups, links):
        session.rollback()
        return False
    now = scope_of(session).now
    mailed = update(Notice).where(Notice.id.in_([row.id for row in rows])).values(mailed_at=now)
    session.execute(mailed.execution_options(synchronize_session=False))
    session.commit()
    return bool(groups)


def _local(reader: Reader) -> datetime:
    return reader.scope.now.astimezone(ZoneInfo(reader.scope.time_zone))


def _unmailed() -> tuple[Any, ...]:
    return Notice.mail == Way.DIGEST.value, Notice.mailed_at.is_(None)


def _rows(session: Session) -> Sequence[Any]:
    wanted = select(Notice.id, Notice.kind, Notice.values, Notice.created_at).where(
        Notice.user_id == scope_of(session).user_id, *_unmailed()
    )
    return session.execute(wanted.order_by(Notice.id).limit(MOST_NOTICES)).all()


def _groups(
    session: Session, reader: Reader, rows: Sequence[Any], links: Links
) -> list[dict[str, Any]]:
    """A request each, in the order in which they were first told of."""
    rows = [row for row in rows if "request" in row.values]
    keys = {row.values["request"] for row in rows}
    known = set(
        session.scalars(select(Request.key).where(Request.key.in_(keys), readable(session)))
    )
    labels = state_labels(session, reader.scope.locale)
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = row.values["request"]
        if key in known:
            link = links.whole(path_of(reader.scope, key))
            group = groups.setdefault(key, {"link": link, "events": []})
            group["code"], group["title"] = row.values["code"], row.values["title"]
            group["events"].append(words_of(labels, reader, row.kind, row.values, row.created_at))
    return list(groups.values())


def _queue(session: Session, morning: Morning, groups: list[dict[str, Any]], links: Links) -> bool:
    reader = morning.reader
    unsubscribe = links.unsubscribe(reader.key, DIGEST)
    return queue_mail(
        session,
        recipient=reader.email,
        locale=reader.scope.locale,
        template="request_digest",
        values={
            "name": reader.name,
            "groups": groups[:MOST_GROUPS],
            "more": max(len(groups) - MOST_GROUPS, 0),
            "link": links.whole("/notices"),
            "choices": links.whole("/notices/preferences"),
            "unsubscribe": unsubscribe,
        },
        idempotency_key=morning.key,
        account_id=reader.account_id,
        unsubscribe=unsubscribe,
    )
