"""What the check of links has found, as those read it who write texts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.domain.errors import Forbidden
from portal.domain.external_links import OUTCOMES, WORKING
from portal.domain.link_check import TROUBLES, UNCHECKED
from portal.domain.paging import Place, place_in
from portal.domain.permissions import Permission
from portal.models import ExternalLink, KnowledgeItem, KnowledgeLink
from portal.services.knowledge_titles import titles
from portal.tenancy import scope_of

PAGE_SIZE = 100
# What is broken first, what was not asked for and what works last.
KINDS = (*TROUBLES[:-1], *OUTCOMES[:-1], UNCHECKED, WORKING)


@dataclass(frozen=True, slots=True)
class FoundLink:
    """`lesson` of a course, or "". `trouble` is one of KINDS. `since`: when it was first found so.
    Of addresses elsewhere: `status` of HTTP, `good_at` when it answered well last, `asked_at`.
    """

    slug: str
    title: str
    lesson: str
    locale: str
    target: str
    trouble: str
    since: datetime
    elsewhere: bool
    status: int | None
    good_at: datetime | None
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkPage:
    """`counts` by kind, over all; `place` among those of the kind asked for, `total` of them."""

    rows: list[FoundLink]
    counts: Mapping[str, int]
    place: Place
    total: int

    @property
    def page(self) -> int:
        return self.place.page

    @property
    def pages(self) -> int:
        return self.place.pages

    @property
    def first(self) -> int:
        return self.place.first


def link_page(session: Session, kind: str = "", page: int = 1) -> LinkPage:
    """Raises Forbidden for those who do not write texts."""
    found = list_links(session)
    rows = [one for one in found if kind in {"", one.trouble}]
    place = place_in(len(rows), PAGE_SIZE, page)
    shown = rows[place.offset : place.offset + PAGE_SIZE]
    return LinkPage(shown, Counter(one.trouble for one in found), place, len(rows))


def list_links(session: Session) -> list[FoundLink]:
    """What is broken first. Raises Forbidden for those who do not write texts."""
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    rows = session.execute(
        select(
            KnowledgeItem.slug,
            KnowledgeLink.lesson,
            KnowledgeLink.locale,
            KnowledgeLink.target,
            KnowledgeLink.trouble,
            KnowledgeLink.found_at,
            ExternalLink.outcome,
            ExternalLink.status,
            ExternalLink.since,
            ExternalLink.good_at,
            ExternalLink.asked_at,
        )
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeLink.item_id)
        .outerjoin(
            ExternalLink,
            and_(ExternalLink.url == KnowledgeLink.target, KnowledgeLink.trouble == UNCHECKED),
        )
    ).all()
    named = titles(session, {row.slug for row in rows}, scope_of(session).locale)
    found = [_found(row, named[row.slug]) for row in rows]
    return sorted(
        found,
        key=lambda one: (KINDS.index(one.trouble), one.title, one.lesson, one.locale, one.target),
    )


def _found(row: Any, title: str) -> FoundLink:
    return FoundLink(
        slug=row.slug,
        title=title,
        lesson=row.lesson,
        locale=row.locale,
        target=row.target,
        trouble=row.outcome or row.trouble,
        since=row.since or row.found_at,
        elsewhere=row.trouble == UNCHECKED,
        status=row.status,
        good_at=row.good_at,
        asked_at=row.asked_at,
    )
