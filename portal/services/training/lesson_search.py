"""Lessons by the words of a question, of the courses that the reader may read."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from portal.models import CourseLesson, KnowledgeItem, LessonText
from portal.services.audience import readable
from portal.services.search_names import contains_word, words_of
from portal.services.training.courses import course_titles, nearest
from portal.tenancy import scope_of

MOST = 300
"""Versions of lessons that one question looks at."""


@dataclass(frozen=True, slots=True)
class FoundLesson:
    """In the reader's language or, where it is not found in that, the nearest one."""

    course: str
    course_title: str
    slug: str
    locale: str
    title: str


def find_lessons(
    session: Session, text: str, limit: int, offset: int = 0
) -> tuple[int, list[FoundLesson]]:
    """How many there are, and some of them: those whose title holds all words first, then by
    course and place. Each word must stand in the lesson's title, chapter or text.
    """
    words = words_of(text)
    if not words:
        return 0, []
    titled = and_(*(contains_word(LessonText.title, word) for word in words))
    anywhere = (LessonText.title, LessonText.chapter, LessonText.body)
    wanted = and_(*(or_(*(contains_word(one, word) for one in anywhere)) for word in words))
    rows = session.execute(
        select(
            CourseLesson.id,
            CourseLesson.slug,
            CourseLesson.course_id,
            KnowledgeItem.slug.label("course"),
            LessonText.locale,
            LessonText.title,
        )
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
        .join(KnowledgeItem, KnowledgeItem.id == CourseLesson.course_id)
        .where(wanted, readable(session))
        .order_by(case((titled, 0), else_=1), KnowledgeItem.slug, CourseLesson.position)
        .limit(MOST)
    ).all()
    versions: dict[int, dict[str, Any]] = {}
    for row in rows:
        versions.setdefault(row.id, {})[row.locale] = row
    locale = scope_of(session).locale
    found = [held[nearest(locale, held)] for held in versions.values()]
    shown = found[offset : offset + limit]
    titles = course_titles(session, [row.course_id for row in shown])
    return len(found), [_lesson(row, titles, locale) for row in shown]


def _lesson(row: Any, titles: dict[int, dict[str, str]], locale: str) -> FoundLesson:
    called = titles.get(row.course_id, {})
    title = called[nearest(locale, called)] if called else row.course
    return FoundLesson(row.course, title, row.slug, row.locale, row.title)
