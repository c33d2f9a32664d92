"""Whose a text is: they are told of what becomes of it, and reminded when its review is due."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.models import KnowledgeItem, User
from portal.services.audit import record
from portal.services.knowledge_people import Writer, people, writers
from portal.tenancy import scope_of


def owner_of(session: Session, slug: str) -> Writer | None:
    """None where nobody is, or they are gone."""
    number = session.scalar(select(KnowledgeItem.owner_id).where(KnowledgeItem.slug == slug))
    return people(session, [number]).get(number) if number is not None else None


def may_give(session: Session, slug: str) -> bool:
    """Whoever may publish gives any text to anybody; a writer only what is theirs or nobody's."""
    scope = scope_of(session)
    if scope.allows(Permission.KNOWLEDGE_PUBLISH):
        return True
    owner = owner_of(session, slug)
    return scope.allows(Permission.KNOWLEDGE_WRITE) and (owner is None or owner.id == scope.user_id)


def give_text(session: Session, slug: str, key: str) -> None:
    """To one of those who write, by key; "" to nobody. Commits. Raises NotFound, Forbidden, and
    Invalid by field (owner).
    """
    item = session.scalars(
        select(KnowledgeItem).where(KnowledgeItem.slug == slug).with_for_update()
    ).one_or_none()
    if item is None:
        raise NotFound
    if not may_give(session, slug):
        raise Forbidden
    owner = next((one for one in writers(session) if one.key == key), None)
    if key and owner is None:
        said = "Choose somebody who writes texts."
        raise Invalid(said, code="bad-owner", fields={"owner": said})
    before = session.scalar(select(User.key).where(User.id == item.owner_id))
    item.owner_id = owner.id if owner else None
    # Its new owner hears of a review that is due already.
    item.reminded_for = None
    record(session, "knowledge.owner_changed", "knowledge", slug, before=before, after=key or None)
    session.commit()
