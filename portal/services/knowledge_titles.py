"""What texts are called, whatever their state: in the working copy, or as published."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import KnowledgeDraft, KnowledgeItem, KnowledgeVersion
from portal.search.views import preference


def titles(session: Session, slugs: Iterable[str], locale: str) -> dict[str, str]:
    """By slug, in this language or the nearest; the slug where it has no title yet."""
    wanted = sorted(set(slugs))
    held: dict[str, dict[str, str]] = {slug: {} for slug in wanted}
    for model in (KnowledgeVersion, KnowledgeDraft):
        rows = session.execute(
            select(KnowledgeItem.slug, model.locale, model.title)
            .join(model, model.item_id == KnowledgeItem.id)
            .where(KnowledgeItem.slug.in_(wanted), model.title != "")
        )
        for slug, written_in, title in rows:
            held[slug][written_in] = title
    return {
        slug: known[preference(locale, sorted(known))[0]] if known else slug
        for slug, known in held.items()
    }
