"""All links of the hub, looked at every night: what leads nowhere, or not everybody.

Addresses elsewhere are listed as unchecked: nothing here asks another host.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.audience import ACCOUNTS, SEGMENTS, Audience
from portal.domain.errors import Forbidden
from portal.domain.knowledge import PUBLISHED
from portal.domain.link_check import (
    ACCOUNT,
    FEATURE,
    SEGMENT,
    TROUBLES,
    Known,
    Linking,
    link_findings,
)
from portal.domain.page_text import PageText
from portal.domain.permissions import Permission
from portal.domain.segments import OTHERS
from portal.models import (
    Account,
    Feature,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeLink,
    KnowledgeVersion,
)
from portal.services.jobs import enqueue
from portal.services.knowledge_titles import titles
from portal.services.segments import segment_rules
from portal.tenancy import ALL_ACCOUNTS, TenancyError, scope_of

CHECK = "knowledge.check-links"
_ID = re.compile(r'<h[2-4] id="([^"]+)"')
Finding = tuple[int, str, str, str]
"""(item id, language, target, trouble)"""


@dataclass(frozen=True, slots=True)
class FoundLink:
    slug: str
    title: str
    locale: str
    target: str
    trouble: str
    found_at: datetime


def check_links(session: Session) -> int:
    """Notes what is wrong now, and forgets what no longer is; how many findings there are. Needs a
    session over all accounts. Commits.
    """
    if scope_of(session).accounts is not ALL_ACCOUNTS:
        raise TenancyError("links are looked at in every text: open a system scope")
    found = set(_findings(session))
    known = {
        (row.item_id, row.locale, row.target, row.trouble): row.id
        for row in session.execute(
            select(
                KnowledgeLink.id,
                KnowledgeLink.item_id,
                KnowledgeLink.locale,
                KnowledgeLink.target,
                KnowledgeLink.trouble,
            )
        )
    }
    gone = [number for key, number in known.items() if key not in found]
    for at in range(0, len(gone), 500):
        batch = KnowledgeLink.id.in_(gone[at : at + 500])
        session.execute(delete(KnowledgeLink).where(batch))
    session.add_all(_row(session, finding) for finding in sorted(found - known.keys()))
    session.commit()
    return len(found)


def list_links(session: Session) -> list[FoundLink]:
    """What is broken first. Raises Forbidden for those who do not write texts."""
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    rows = session.execute(
        select(
            KnowledgeItem.slug,
            KnowledgeLink.locale,
            KnowledgeLink.target,
            KnowledgeLink.trouble,
            KnowledgeLink.found_at,
        ).join(KnowledgeItem, KnowledgeItem.id == KnowledgeLink.item_id)
    ).all()
    named = titles(session, {row.slug for row in rows}, scope_of(session).locale)
    found = [FoundLink(row.slug, named[row.slug], *row[1:]) for row in rows]
    return sorted(
        found,
        key=lambda one: (TROUBLES.index(one.trouble), one.title, one.locale, one.target),
    )


def ask_for_check(session: Session) -> None:
    """Has them looked at now. Raises Forbidden. Commits."""
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    enqueue(session, CHECK, {}, unique_key=CHECK)
    session.commit()


def _row(session: Session, finding: Finding) -> KnowledgeLink:
    item_id, locale, target, trouble = finding
    return KnowledgeLink(
        item_id=item_id,
        locale=locale,
        target=target,
        trouble=trouble,
        found_at=scope_of(session).now,
    )


def _findings(session: Session) -> Iterator[Finding]:
    items = session.scalars(select(KnowledgeItem)).all()
    pages: dict[int, dict[str, str]] = {}
    for item_id, locale, html in session.execute(
        select(KnowledgeVersion.item_id, KnowledgeVersion.locale, KnowledgeVersion.html)
    ):
        pages.setdefault(item_id, {})[locale] = html
    known = {item.slug: _known(item, pages.get(item.id, {})) for item in items}
    for item in items:
        if item.state != PUBLISHED:
            continue
        for locale, html in pages.get(item.id, {}).items():
            links = PageText.read(html).links
            text = Linking(item.slug, locale, _audience(item), links)
            for target, trouble in link_findings(text, known):
                yield item.id, locale, target[:500], trouble
    yield from _unknown_names(session, [item for item in items if item.state == PUBLISHED])


def _known(item: KnowledgeItem, pages: dict[str, str]) -> Known:
    anchors = {locale: frozenset(_ID.findall(html)) for locale, html in pages.items()}
    return Known(item.state, _audience(item), anchors)


def _audience(item: KnowledgeItem) -> Audience:
    return Audience(item.audience, tuple(item.audience_accounts), tuple(item.audience_segments))


def _unknown_names(session: Session, items: list[KnowledgeItem]) -> Iterator[Finding]:
    """Keys that texts name: nobody reads what is for an account or a segment that is not there."""
    features = set(session.scalars(select(Feature.key)))
    accounts = set(session.scalars(select(Account.key)))
    segments = {rule.key for rule in segment_rules(session)} | {OTHERS}
    taught = session.execute(select(KnowledgeFeature.item_id, KnowledgeFeature.feature_key)).all()
    locales = {item.id: item.source_locale for item in items}
    for item_id, key in taught:
        if features and item_id in locales and key not in features:
            yield item_id, locales[item_id], key, FEATURE
    for item in items:
        for kind, names, there, trouble in (
            (ACCOUNTS, item.audience_accounts, accounts, ACCOUNT),
            (SEGMENTS, item.audience_segments, segments, SEGMENT),
        ):
            for key in set(names) - there if item.audience == kind else ():
                yield item.id, item.source_locale, key, trouble
