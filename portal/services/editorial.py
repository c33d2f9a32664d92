"""The texts of the hub as those see them who keep them: every state, every language."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.knowledge import PUBLISHED
from portal.domain.permissions import Permission
from portal.locales import LOCALES
from portal.models import KnowledgeItem, KnowledgeVersion
from portal.search.views import preference
from portal.tenancy import scope_of

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class KeptText:
    """`missing`: languages that it does not stand in yet. `state`: draft, published, archived."""

    slug: str
    type: str
    state: str
    audience: str
    title: str
    locale: str
    review_by: date
    missing: list[str]

    @property
    def readable(self) -> bool:
        return self.state == PUBLISHED


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts, those first whose review is due first. `late`: due already; `soon`: due within
    60 days, the late ones left out.
    """

    texts: list[KeptText]
    today: date

    @property
    def late(self) -> list[KeptText]:
        return [one for one in self.texts if one.review_by < self.today]

    @property
    def soon(self) -> list[KeptText]:
        return [one for one in self.texts if self.today <= one.review_by <= self.today + SOON]

    @property
    def untranslated(self) -> list[KeptText]:
        return [one for one in self.texts if one.missing]


def keep_texts(session: Session) -> Shelf:
    """All texts that the vendor keeps. Raises Forbidden for those who do not write them."""
    scope = scope_of(session)
    if not scope.allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    rows = session.execute(
        select(
            KnowledgeItem.slug,
            KnowledgeItem.type,
            KnowledgeItem.state,
            KnowledgeItem.audience,
            KnowledgeItem.review_by,
            KnowledgeVersion.locale,
            KnowledgeVersion.title,
        )
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .order_by(KnowledgeItem.review_by, KnowledgeItem.slug)
    )
    versions: dict[str, dict[str, Any]] = {}
    for row in rows:
        versions.setdefault(row.slug, {})[row.locale] = row
    texts = [_kept(held, scope.locale) for held in versions.values()]
    return Shelf(texts, scope.now.date())


def _kept(held: dict[str, Any], locale: str) -> KeptText:
    row = held[preference(locale, sorted(held))[0]]
    return KeptText(
        slug=row.slug,
        type=row.type,
        state=row.state,
        audience=row.audience,
        title=row.title,
        locale=row.locale,
        review_by=row.review_by,
        missing=[one for one in LOCALES if one not in held],
    )
