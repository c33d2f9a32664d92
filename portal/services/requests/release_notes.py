"""Release notes of the hub that deliver what was asked for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.models import KnowledgeItem
from portal.services.audience import readable
from portal.services.knowledge_titles import titles
from portal.tenancy import scope_of

MOST = 30


def known_release_note(session: Session, slug: str) -> str:
    """The slug. Raises Invalid."""
    known = select(KnowledgeItem.slug).where(
        KnowledgeItem.slug == slug, KnowledgeItem.type == "release-note"
    )
    if session.scalar(known) is None:
        said = "There is no such release note."
        raise Invalid(said, code="no-such-note", fields={"release_note": said})
    return slug


def note_in_reach(session: Session, slug: str) -> str:
    """The slug where the reader may open that note, else nothing: its address alone may tell whom
    it is about. The desk knows of all.
    """
    if not slug or scope_of(session).role.side == "vendor":
        return slug
    wanted = select(KnowledgeItem.slug).where(KnowledgeItem.slug == slug, readable(session))
    return session.scalar(wanted) or ""


def recent_release_notes(session: Session) -> list[tuple[str, str]]:
    """Slug and title in the reader's language, the newest first; archived ones are left out."""
    wanted = (
        select(KnowledgeItem.slug)
        .where(KnowledgeItem.type == "release-note", KnowledgeItem.state != "archived")
        .order_by(KnowledgeItem.published_on.desc(), KnowledgeItem.slug)
        .limit(MOST)
    )
    slugs = list(session.scalars(wanted))
    named = titles(session, slugs, scope_of(session).locale) if slugs else {}
    return [(slug, named[slug]) for slug in slugs]
