"""All links of the hub, lessons too, looked at every night: what leads nowhere, or not everybody.

Nothing here asks another host: addresses elsewhere are noted, and asked for one by one
(services/external_links.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.audience import ACCOUNTS, SEGMENTS, Audience
from portal.domain.errors import Forbidden
from portal.domain.knowledge import PUBLISHED
from portal.domain.knowledge_files import FOLDER
from portal.domain.link_check import (
    ACCOUNT,
    FEATURE,
    SEGMENT,
    UNCHECKED,
    Known,
    Linking,
    link_findings,
)
from portal.domain.page_text import PageText
from portal.domain.permissions import Permission
from portal.domain.segments import OTHERS
from portal.models import (
    Account,
    CourseLesson,
    Feature,
    KnowledgeFeature,
    KnowledgeFile,
    KnowledgeItem,
    KnowledgeLink,
    KnowledgeVersion,
    LessonText,
)
from portal.services.external_links import note_addresses
from portal.services.jobs import enqueue
from portal.services.segments import segment_rules
from portal.tenancy import ALL_ACCOUNTS, TenancyError, scope_of

CHECK = "knowledge.check-links"
_ID = re.compile(r'<h[2-4] id="([^"]+)"')
Finding = tuple[int, str, str, str, str]
"""(item id, lesson, language, target, trouble)"""
_FOUND = (
    KnowledgeLink.item_id,
    KnowledgeLink.lesson,
    KnowledgeLink.locale,
    KnowledgeLink.target,
    KnowledgeLink.trouble,
)


def check_links(session: Session) -> int:
    """Notes what is wrong now, and forgets what no longer is; how many findings there are. Needs a
    session over all accounts. Commits.
    """
    if scope_of(session).accounts is not ALL_ACCOUNTS:
        raise TenancyError("links are looked at in every text: open a system scope")
    found = set(_findings(session))
    known = {
        tuple(key): number for number, *key in session.execute(select(KnowledgeLink.id, *_FOUND))
    }
    gone = [number for key, number in known.items() if key not in found]
    for at in range(0, len(gone), 500):
        batch = KnowledgeLink.id.in_(gone[at : at + 500])
        session.execute(delete(KnowledgeLink).where(batch))
    session.add_all(_row(session, finding) for finding in sorted(found - known.keys()))
    note_addresses(session, {target for *_place, target, trouble in found if trouble == UNCHECKED})
    session.commit()
    return len(found)


def ask_for_check(session: Session) -> None:
    """Has them looked at now. Raises Forbidden. Commits."""
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    enqueue(session, CHECK, {}, unique_key=CHECK)
    session.commit()


def _row(session: Session, finding: Finding) -> KnowledgeLink:
    item_id, lesson, locale, target, trouble = finding
    return KnowledgeLink(
        item_id=item_id,
        lesson=lesson,
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
    lessons = _lessons(session)
    files = frozenset(session.scalars(select(KnowledgeFile.key)))
    known = {
        item.slug: _known(item, pages.get(item.id, {}), lessons.get(item.id, ())) for item in items
    }
    published = [item for item in items if item.state == PUBLISHED]
    for item in published:
        for locale, html in pages.get(item.id, {}).items():
            text = Linking(item.slug, locale, _audience(item), _shown(html), files=files)
            for target, trouble in link_findings(text, known):
                yield item.id, "", locale, target[:500], trouble
        for lesson in lessons.get(item.id, ()):
            taught = Linking(
                item.slug, lesson.locale, _audience(item), lesson.links, lesson.headings, files
            )
            for target, trouble in link_findings(taught, known):
                yield item.id, lesson.slug, lesson.locale, target[:500], trouble
    yield from _unknown_names(session, published)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """`links`: of its text, and what it shows beside it."""

    slug: str
    locale: str
    links: tuple[str, ...]
    headings: frozenset[str]


def _lessons(session: Session) -> dict[int, list[_Lesson]]:
    """By the id of the course's item."""
    beside = (LessonText.video, LessonText.captions, LessonText.file)
    rows = session.execute(
        select(
            CourseLesson.course_id, CourseLesson.slug, LessonText.locale, LessonText.html, *beside
        ).join(LessonText, LessonText.lesson_id == CourseLesson.id)
    )
    held: dict[int, list[_Lesson]] = {}
    for course_id, slug, locale, html, *shown in rows:
        links = (*_shown(html), *filter(None, shown))
        lesson = _Lesson(slug, locale, links, frozenset(_ID.findall(html)))
        held.setdefault(course_id, []).append(lesson)
    return held


def _shown(html: str) -> tuple[str, ...]:
    """What a page points at, and the pictures of ours that it shows."""
    page = PageText.read(html)
    pictures = (source for source, _words in page.images if source.startswith(FOLDER))
    return (*page.links, *pictures)


def _known(item: KnowledgeItem, pages: dict[str, str], lessons: Iterable[_Lesson]) -> Known:
    anchors = {locale: frozenset(_ID.findall(html)) for locale, html in pages.items()}
    return Known(item.state, _audience(item), anchors, frozenset(lesson.slug for lesson in lessons))


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
            yield item_id, "", locales[item_id], key, FEATURE
    for item in items:
        for kind, names, there, trouble in (
            (ACCOUNTS, item.audience_accounts, accounts, ACCOUNT),
            (SEGMENTS, item.audience_segments, segments, SEGMENT),
        ):
            for key in set(names) - there if item.audience == kind else ():
                yield item.id, "", item.source_locale, key, trouble
