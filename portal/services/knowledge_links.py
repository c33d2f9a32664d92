"""Links of texts: each leads to what every reader of the text may open."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.audience import Audience
from portal.domain.knowledge import address
from portal.models import KnowledgeItem
from portal.services.audience import readable
from portal.services.knowledge_texts import Text


def link_troubles(session: Session, texts: Iterable[Text]) -> dict[tuple[str, str], str]:
    """By slug and language: what is wrong with the last such link of the text. `texts` count as
    published.
    """
    held = list(texts)
    known = audiences(session) | {text.file.slug: text.file.audience for text in held}
    wrong: dict[tuple[str, str], str] = {}
    for text in held:
        for link in text.page.links:
            trouble = link_trouble(link, text.file.audience, known)
            if trouble:
                said = f"The link “{link[:80]}” {trouble}."
                wrong[text.file.slug, text.file.locale] = said
    return wrong


def link_trouble(link: str, audience: Audience, known: Mapping[str, Audience]) -> str | None:
    """Why a text for this audience may not link there; None where it may."""
    if not link.startswith(address("")) or link.startswith(address("files/")):
        return None
    slug = link.removeprefix(address("")).partition("#")[0]
    if slug not in known:
        return "leads to no text"
    if not known[slug].covers(audience):
        return "leads to a text that not every reader of this one may open"
    return None


def audiences(session: Session) -> dict[str, Audience]:
    """Of what is published and the session's reader may read, by slug."""
    rows = session.execute(
        select(
            KnowledgeItem.slug,
            KnowledgeItem.audience,
            KnowledgeItem.audience_accounts,
            KnowledgeItem.audience_segments,
        ).where(readable(session))
    )
    return {
        slug: Audience(kind, tuple(accounts), tuple(segments))
        for slug, kind, accounts, segments in rows
    }
