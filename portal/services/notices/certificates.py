"""Who has a certificate that ends soon is told once, while there is time to earn it anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from portal.db import new_key
from portal.domain.notices import Notified, Way, way_of
from portal.domain.training import course_address
from portal.models import Account, Certificate, KnowledgeItem, Notice
from portal.services.audience import readable
from portal.services.mail import queue_mail
from portal.services.notices.links import Links
from portal.services.notices.readers import Reader, find_readers
from portal.services.once import add_once
from portal.services.training.courses import nearest
from portal.tenancy import scope_of

KIND = Notified.CERTIFICATE_ENDS
AHEAD = timedelta(days=30)
"""Shorter than the time from which on the quiz may be taken again (domain.training.RENEWAL)."""
_ABROAD = timedelta(days=1)
"""No zone's day is further from UTC's."""


@dataclass(frozen=True, slots=True)
class Ending:
    """`until`: the last day on which the certificate is valid."""

    reader: Reader
    code: str
    slug: str
    titles: Mapping[str, str]
    until: date

    @property
    def key(self) -> str:
        return f"certificate-ends:{self.code}"


def endings(session: Session) -> list[Ending]:
    """Of those who have not been told: neither withdrawn nor followed by a later one of the same
    course, and not over on the account's day. Needs a session over all accounts.
    """
    now = scope_of(session).now
    rows = [row for row in _last_ones(session, now.date()) if _ends_soon(row, now)]
    keys = {f"certificate-ends:{row.code}" for row in rows}
    known = select(Notice.idempotency_key).where(Notice.idempotency_key.in_(keys))
    told = set(session.scalars(known))
    readers = {one.id: one for one in find_readers(session, {row.user_id for row in rows})}
    found = [
        Ending(readers[row.user_id], row.code, row.slug, row.titles, row.expires_on)
        for row in rows
        if row.user_id in readers
    ]
    return [one for one in found if one.key not in told]


def tell_of_end(session: Session, ending: Ending, links: Links) -> bool:
    """In a session of the reader's own scope: under the bell, and by mail as they want it. Whether
    there was something new to tell them; nothing of a course that they may no longer read. Commits.
    """
    way = way_of(KIND, ending.reader.chosen)
    if way is Way.OFF or not _readable_courses(session, [ending.slug]):
        return False
    notice = _notice(session, ending, way)
    if not add_once(session, notice, "idempotency_key"):
        return False
    if way is Way.NOW:
        _queue(session, ending, notice.values["title"], links)
    session.commit()
    return True


def digest_groups(
    session: Session, reader: Reader, rows: Sequence[Any], links: Links
) -> list[dict[str, Any]]:
    """What the daily mail says of notices of this kind. In a session of the reader's own scope."""
    told = [row for row in rows if row.kind == KIND]
    slugs = _readable_courses(session, [row.values["course"] for row in told])
    return [
        {
            "link": links.whole(course_address(row.values["course"])),
            "code": "",
            "title": row.values["title"],
            "events": [_event(reader, row)],
        }
        for row in told
        if row.values["course"] in slugs
    ]


def _event(reader: Reader, row: Any) -> dict[str, str]:
    return {
        "kind": row.kind,
        "until": row.values["until"],
        "text": "",
        "at": row.created_at.isoformat(),
        "time_zone": reader.scope.time_zone,
    }


def _last_ones(session: Session, today: date) -> Sequence[Any]:
    later = aliased(Certificate)
    followed = exists().where(
        later.user_id == Certificate.user_id,
        later.course_id == Certificate.course_id,
        later.id > Certificate.id,
        later.withdrawn_at.is_(None),
    )
    return session.execute(
        select(
            *(Certificate.code, Certificate.user_id, Certificate.titles, Certificate.expires_on),
            *(KnowledgeItem.slug, Account.time_zone),
        )
        .join(KnowledgeItem, KnowledgeItem.id == Certificate.course_id)
        .join(Account, Account.id == Certificate.account_id)
        .where(
            Certificate.expires_on.between(today - _ABROAD, today + AHEAD + _ABROAD),
            Certificate.withdrawn_at.is_(None),
            ~followed,
        )
        .order_by(Certificate.id)
    ).all()


def _ends_soon(row: Any, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(row.time_zone)).date()
    return bool(today <= row.expires_on <= today + AHEAD)


def _readable_courses(session: Session, slugs: Sequence[str]) -> set[str]:
    if not slugs:
        return set()
    wanted = select(KnowledgeItem.slug).where(KnowledgeItem.slug.in_(slugs), readable(session))
    return set(session.scalars(wanted))


def _notice(session: Session, ending: Ending, way: Way) -> Notice:
    now, locale = scope_of(session).now, scope_of(session).locale
    return Notice(
        key=new_key(),
        idempotency_key=ending.key,
        account_id=ending.reader.account_id,
        user_id=ending.reader.id,
        kind=KIND.value,
        path=course_address(ending.slug),
        values={
            "code": ending.code,
            "title": ending.titles[nearest(locale, ending.titles)],
            "course": ending.slug,
            "until": ending.until.isoformat(),
        },
        created_at=now,
        mail=way.value if way in {Way.NOW, Way.DIGEST} else "",
        mailed_at=now if way is Way.NOW else None,
    )


def _queue(session: Session, ending: Ending, course: str, links: Links) -> None:
    reader = ending.reader
    unsubscribe = links.unsubscribe(reader.key, KIND.value)
    queue_mail(
        session,
        recipient=reader.email,
        locale=reader.scope.locale,
        template="certificate_ends",
        values={
            "name": reader.name,
            "course": course,
            "until": ending.until.isoformat(),
            "link": links.whole(course_address(ending.slug)),
            "choices": links.whole("/notices/preferences"),
            "unsubscribe": unsubscribe,
        },
        idempotency_key=f"notice:{ending.key}",
        account_id=reader.account_id,
        unsubscribe=unsubscribe,
    )
