"""From a working copy to what is read: review, publishing now or at a time, archive and back.

Each step is audited and announced; the mails follow from the announcements (jobs/knowledge.py).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Invalid
from portal.domain.knowledge import ARCHIVED, DRAFT, PUBLISHED
from portal.domain.knowledge_workflow import Action, Stage
from portal.models import KnowledgeItem, KnowledgeWork
from portal.services.audit import record
from portal.services.jobs import enqueue
from portal.services.knowledge_going_live import copies_to_publish, go_live
from portal.services.knowledge_held import Held, begin, hold_item, keep_draft, touch
from portal.services.knowledge_people import reviewers
from portal.services.knowledge_texts import withdraw
from portal.services.outbox import announce
from portal.services.training.lesson_copies import keep_lessons
from portal.tenancy import scope_of

ASKED, SENT_BACK, TOLD = "knowledge.asked", "knowledge.sent-back", "knowledge.went-live"
PUBLISH_DUE = "knowledge.publish-due"
Locales = Sequence[str] | None


def ask_for_review(session: Session, slug: str, reviewer: str, locales: Locales = None) -> None:
    """Gives the working copies to a reviewer, by their key. `locales`: those of these languages;
    all but what a machine made where None. Raises Invalid, whose `fields` name what is missing
    ("en: summary"), or the reviewer. Commits.
    """
    held = begin(session, slug, Action.ASK)
    work = _work(held)
    work.reviewer_id = _reviewer(session, reviewer)
    work.asked_by_id, work.asked_at = scope_of(session).user_id, scope_of(session).now
    work.reason = ""
    work.locales = [text.file.locale for text in copies_to_publish(session, held, locales)]
    _keep_all(session, held)
    _announce(session, held, ASKED)
    record(session, "knowledge.review-asked", "knowledge", slug, reviewer=reviewer)
    session.commit()


def take_back(session: Session, slug: str) -> None:
    """Ends a review that was asked for, to write on. Commits."""
    held = begin(session, slug, Action.TAKE_BACK)
    _open_again(_work(held))
    record(session, "knowledge.taken-back", "knowledge", slug)
    session.commit()


def send_back(session: Session, slug: str, reason: str) -> None:
    """Raises Invalid (member "reason") without one. Commits."""
    said = reason.strip()[:2000]
    if not said:
        words = "Say what is to be changed."
        raise Invalid(words, fields={"reason": words})
    held = begin(session, slug, Action.SEND_BACK)
    work = _work(held)
    _open_again(work)
    work.reason = said
    _announce(session, held, SENT_BACK)
    record(session, "knowledge.sent-back", "knowledge", slug)
    session.commit()


def approve(session: Session, slug: str, seen: str = "") -> None:
    """The reviewer's yes: what was given to review is read from now on. `seen`: as in Draft, of
    what they have looked at; raises Conflict where somebody has saved since. Commits.
    """
    held = begin(session, slug, Action.APPROVE)
    _hold_seen(held, seen)
    _publish(session, held, _work(held).locales or None, reviewed=True)


def publish_now(session: Session, slug: str, locales: Locales = None, seen: str = "") -> None:
    """Without `locales` what is in review or scheduled, else all copies. Commits."""
    held = begin(session, slug, Action.PUBLISH)
    _hold_seen(held, seen)
    _publish(session, held, locales or _work(held).locales or None, reviewed=False)


def schedule(session: Session, slug: str, at: datetime, locales: Locales = None) -> None:
    """Has it published at the moment `at`, or moves that moment. Raises Invalid (member "at")
    for a moment that has passed. Commits.
    """
    held = begin(session, slug, Action.SCHEDULE)
    if at <= scope_of(session).now:
        words = "Choose a moment in the future, or publish it now."
        raise Invalid(words, fields={"at": words})
    work = _work(held)
    texts = copies_to_publish(session, held, locales or work.locales or None)
    work.locales, work.publish_at = [text.file.locale for text in texts], at
    _keep_all(session, held)
    key = f"{PUBLISH_DUE}:{at.isoformat()}"
    enqueue(session, PUBLISH_DUE, {}, due_at=at, unique_key=key)
    record(session, "knowledge.scheduled", "knowledge", slug, at=at.isoformat())
    session.commit()


def unschedule(session: Session, slug: str) -> None:
    held = begin(session, slug, Action.UNSCHEDULE)
    _open_again(_work(held))
    record(session, "knowledge.unscheduled", "knowledge", slug)
    session.commit()


def archive(session: Session, slug: str) -> None:
    """Nobody but the writers reads it any more; its working copy stays. Commits."""
    held = begin(session, slug, Action.ARCHIVE)
    if held.work is not None:
        _open_again(held.work)
    withdraw(session, held.item, ARCHIVED)
    record(session, "knowledge.archived", "knowledge", slug)
    session.commit()


def bring_back(session: Session, slug: str) -> None:
    """Reads again as it did; what was never published is a draft again. Raises Invalid where it
    links to what is gone by now. Commits.
    """
    held = begin(session, slug, Action.BRING_BACK)
    withdraw(session, held.item, PUBLISHED if held.versions else DRAFT)
    record(session, "knowledge.brought-back", "knowledge", slug)
    session.commit()


def publish_due(session: Session, slug: str) -> bool:
    """Publishes a scheduled text whose moment has come; whether it did. What cannot be published
    (a link leads to what is gone) becomes a draft again, and its people are told. Commits.
    """
    held = hold_item(session, slug)
    work = held.work
    if held.stage is not Stage.SCHEDULED or work is None or not _is_due(session, work):
        return False
    try:
        _publish(session, held, work.locales or None, reviewed=True)
    except (Invalid, Conflict) as refusal:
        session.rollback()
        _give_up(session, slug, refusal)
        return False
    return True


def due_slugs(session: Session) -> list[str]:
    """Scheduled texts whose moment has come, the earliest first."""
    wanted = (
        select(KnowledgeItem.slug)
        .join(KnowledgeWork, KnowledgeWork.item_id == KnowledgeItem.id)
        .where(
            KnowledgeWork.state == Stage.SCHEDULED.value,
            KnowledgeWork.publish_at <= scope_of(session).now,
        )
        .order_by(KnowledgeWork.publish_at, KnowledgeItem.slug)
    )
    return list(session.scalars(wanted))


def _is_due(session: Session, work: KnowledgeWork) -> bool:
    return work.publish_at is not None and work.publish_at <= scope_of(session).now


def _publish(session: Session, held: Held, locales: Locales, *, reviewed: bool) -> None:
    texts = copies_to_publish(session, held, locales)
    asked_by = _work(held).asked_by_id
    go_live(session, held, texts)
    people = {asked_by, held.item.owner_id, *(text.author.id for text in texts if text.author)}
    told = sorted(one for one in people if one is not None and one != scope_of(session).user_id)
    _announce(session, held, TOLD, told=told, reviewed=reviewed)
    session.commit()


def _hold_seen(held: Held, seen: str) -> None:
    if seen and seen != held.seen:
        raise Conflict("Somebody has changed the text since you read it.", code="changed-since")


def _give_up(session: Session, slug: str, refusal: Invalid | Conflict) -> None:
    held = hold_item(session, slug)
    work = _work(held)
    said = "; ".join([refusal.message, *(f"{key}: {why}" for key, why in refusal.fields.items())])
    _open_again(work)
    work.reason = said[:2000]
    touch(session, held)
    _announce(session, held, SENT_BACK, machine=True)
    record(session, "knowledge.not-published", "knowledge", slug, reason=said[:500])
    session.commit()


def _open_again(work: KnowledgeWork) -> None:
    work.state, work.publish_at, work.locales = Stage.DRAFT.value, None, []


def _keep_all(session: Session, held: Held) -> None:
    """What is reviewed or scheduled can be looked up for ever."""
    for locale in _work(held).locales:
        keep_draft(session, held, held.drafts[locale])
        keep_lessons(session, held, locale)


def _announce(session: Session, held: Held, kind: str, **said: Any) -> None:
    payload = {"slug": held.item.slug, "by": scope_of(session).user_id, **said}
    announce(session, kind, payload, f"{kind}:{new_key()}")


def _work(held: Held) -> KnowledgeWork:
    if held.work is None:
        raise Conflict("There is no working copy of this text.", code="wrong-stage")
    return held.work


def _reviewer(session: Session, key: str) -> int:
    found = next((one for one in reviewers(session) if one.key == key), None)
    if found is None:
        words = "Choose somebody else who may publish."
        raise Invalid(words, fields={"reviewer": words})
    return found.id
