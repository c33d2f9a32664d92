"""What a shared request can be set to: features, and release notes that deliver it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.feature_names import feature_name
from portal.domain.knowledge import PUBLISHED, RELEASE_NOTE
from portal.models import Feature, KnowledgeItem
from portal.services.knowledge_titles import titles
from portal.tenancy import scope_of

Choices = list[tuple[str, str]]
MOST_NOTES = 40


def live_features(session: Session) -> Choices:
    """Key and name in the reader's language, in the catalogue's order."""
    wanted = select(Feature.key, Feature.name_en, Feature.name_zh).where(
        Feature.archived_at.is_(None)
    )
    locale = scope_of(session).locale
    rows = session.execute(wanted.order_by(Feature.position, Feature.key))
    return [(row.key, feature_name(locale, row.name_en, row.name_zh)) for row in rows]


def release_notes(session: Session) -> Choices:
    """Slug and title of the newest that are published."""
    wanted = select(KnowledgeItem.slug).where(
        KnowledgeItem.type == RELEASE_NOTE, KnowledgeItem.state == PUBLISHED
    )
    newest = wanted.order_by(KnowledgeItem.published_on.desc(), KnowledgeItem.slug)
    slugs = list(session.scalars(newest.limit(MOST_NOTES)))
    named = titles(session, slugs, scope_of(session).locale) if slugs else {}
    return [(slug, named[slug]) for slug in slugs]
