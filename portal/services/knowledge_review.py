"""A published text was looked at and is still right: it gets a new day of review, no more."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.content_draft import REVIEW_AFTER
from portal.domain.errors import Conflict, Forbidden, Invalid
from portal.domain.knowledge import PUBLISHED
from portal.models import KnowledgeItem
from portal.services.audit import record
from portal.services.knowledge_held import hold_item
from portal.services.knowledge_owner import may_give
from portal.services.knowledge_texts import follow_shared, raise_change
from portal.tenancy import scope_of

FURTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Review:
    """When the text is due, and when it would be again if it were looked at now."""

    due: date
    following: date


def review_of(session: Session, slug: str) -> Review | None:
    """Of a published text, for those who may say that it is still right; else None."""
    wanted = select(KnowledgeItem.review_by).where(
        KnowledgeItem.slug == slug, KnowledgeItem.state == PUBLISHED
    )
    due = session.scalar(wanted) if may_give(session, slug) else None
    return Review(due, next_review(session)) if due else None


def next_review(session: Session) -> date:
    return scope_of(session).now.date() + REVIEW_AFTER


def confirm_review(session: Session, slug: str, until: date | None = None) -> date:
    """Gives it a new day of review and answers with the one before; `until` where another day is
    wanted, as when it is taken back. A working copy takes the day over. By its owner, anybody who
    writes where it has none, and those who publish. Raises NotFound, Forbidden, Conflict, Invalid.
    Commits.
    """
    held = hold_item(session, slug)
    if not may_give(session, slug):
        raise Forbidden
    if held.item.state != PUBLISHED:
        raise Conflict("Only a published text is reviewed.", code="wrong-stage")
    day, before = until or next_review(session), held.item.review_by
    if abs(day - scope_of(session).now.date()) > FURTHEST:
        raise Invalid("This day is too far away.", code="too-far", fields={"until": ""})
    held.item.changed_in = raise_change(session)
    held.item.review_by, held.item.reminded_for = day, None
    follow_shared(session, held.item, held.versions.values(), held.features)
    if held.work is not None:
        held.work.fields = {**held.work.fields, "review_by": day.isoformat()}
        held.work.token = new_key()
    record(
        session,
        "knowledge.reviewed",
        "knowledge",
        slug,
        before=before.isoformat(),
        after=day.isoformat(),
    )
    session.commit()
    return before
