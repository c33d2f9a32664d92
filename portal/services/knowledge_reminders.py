"""Texts whose review is due: said to their owners."""

from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.early_warning.workdays import WORKDAYS_A_WEEK
from portal.domain.knowledge import PUBLISHED
from portal.domain.permissions import Role
from portal.models import KnowledgeItem, User, Vendor
from portal.services.knowledge_people import Writer, people
from portal.services.knowledge_titles import titles
from portal.services.mail import queue_mail, vendor_locale
from portal.tenancy import scope_of

MORNING = 7
"""The hour of the vendor's day from which on reminders go out."""
MOST_LINES = 12
Link = Callable[[str], str]


def queue_reminders(session: Session, link: Link) -> int:
    """To the owner of each text whose review has become due, once for that day of review; and on
    Mondays a list of those that lie still. Texts without an owner are every editor's. On workdays
    in the vendor's morning; how many mails. Commits.
    """
    zone = session.scalar(select(Vendor.time_zone).where(Vendor.id == 1)) or "UTC"
    local = scope_of(session).now.astimezone(ZoneInfo(zone))
    today = local.date()
    if local.hour < MORNING or today.weekday() >= WORKDAYS_A_WEEK:
        return 0
    due = _due_items(session, today)
    new = [item for item in due if item.reminded_for != item.review_by]
    old = [item for item in due if item.reminded_for == item.review_by]
    sent = _tell(session, new, f"knowledge-due:{today}", link, overdue=False)
    for item in new:
        item.reminded_for = item.review_by
    if today.weekday() == 0:
        week = "-".join(str(part) for part in today.isocalendar()[:2])
        sent += _tell(session, old, f"knowledge-overdue:{week}", link, overdue=True)
    session.commit()
    return sent


def _due_items(session: Session, today: date) -> Sequence[KnowledgeItem]:
    return session.scalars(
        select(KnowledgeItem)
        .where(KnowledgeItem.state == PUBLISHED, KnowledgeItem.review_by <= today)
        .order_by(KnowledgeItem.review_by, KnowledgeItem.slug)
    ).all()


def _tell(
    session: Session, items: Sequence[KnowledgeItem], key: str, link: Link, *, overdue: bool
) -> int:
    sent = 0
    for person, slugs in _by_person(session, items).items():
        locale = person.locale or vendor_locale(session)
        named = titles(session, slugs, locale or "en")
        shown = slugs[:MOST_LINES]
        sent += queue_mail(
            session,
            recipient=person.email,
            locale=locale,
            template="knowledge_due",
            values={
                "name": person.name,
                "overdue": overdue,
                "texts": [
                    {"title": named[slug], "link": link(f"/knowledge/{slug}")} for slug in shown
                ],
                "more": len(slugs) - len(shown),
                "link": link("/editorial?due=late"),
                "profile": link("/me"),
            },
            idempotency_key=f"{key}:{person.id}:{slugs[0]}"[:190],
        )
    return sent


def _by_person(session: Session, items: Sequence[KnowledgeItem]) -> dict[Writer, list[str]]:
    """Slugs by whom they are for, of those who have not switched such mails off."""
    wanted = select(User.id).where(
        User.active.is_(True), User.daily_mail.is_(True), User.account_id.is_(None)
    )
    listening = set(session.scalars(wanted)) if items else set()
    editors = session.scalars(wanted.where(User.role == Role.EDITOR.value)).all()
    known = people(session, [*(item.owner_id for item in items), *editors])
    found: dict[Writer, list[str]] = {}
    for item in items:
        for one in [item.owner_id] if item.owner_id in known else editors:
            if one in listening:
                found.setdefault(known[one], []).append(item.slug)
    return found
