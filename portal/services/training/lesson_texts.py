"""Lessons as they are read, filled from files and from working copies, within the caller's
transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.course_file import LessonFile
from portal.models import Course, CourseLesson, KnowledgeItem, LessonDraft, LessonText
from portal.services.knowledge_keeping import FILE, Author, Written, actor, keep_lesson
from portal.services.training.course_files import CourseParts
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class LessonWriting:
    """Who wrote a lesson's text, and how; `based_on` as in LessonRevision."""

    author: Author
    origin: str
    based_on: int = 0


def save_lessons(session: Session, course: Course, parts: CourseParts) -> bool:
    """Whether some lesson went, or one of its languages."""
    stored = {
        one.slug: one
        for one in session.scalars(
            select(CourseLesson).where(CourseLesson.course_id == course.item_id)
        )
    }
    source = session.scalar(
        select(KnowledgeItem.source_locale).where(KnowledgeItem.id == course.item_id)
    )
    wanted = {one.slug: one for one in parts.lessons}
    less = False
    for slug in stored.keys() - wanted.keys():
        less |= _take_out(session, stored[slug])
    for slug, lesson in wanted.items():
        row = stored.get(slug) or CourseLesson(course_id=course.item_id, slug=slug)
        row.position, row.minutes = lesson.number, lesson.minutes
        session.add(row)
        session.flush()
        versions = sorted(
            (one for one in parts.lessons if one.slug == slug), key=lambda one: one.locale != source
        )
        less |= _save_versions(session, row.id, versions, parts.pages)
    return less


def _take_out(session: Session, row: CourseLesson) -> bool:
    """A lesson that the files lack; what is being written of it stays a working copy."""
    mine = LessonText.lesson_id == row.id
    read = session.scalar(select(LessonText.id).where(mine).limit(1)) is not None
    if session.scalar(select(LessonDraft.id).where(LessonDraft.lesson_id == row.id).limit(1)):
        session.execute(delete(LessonText).where(mine))
    else:
        session.delete(row)
    return read


def _save_versions(
    session: Session, lesson_id: int, versions: list[LessonFile], pages: Mapping[str, str]
) -> bool:
    """Whether a language went. `versions`: the one that the others are translated from first."""
    stored = {
        one.locale: one
        for one in session.scalars(select(LessonText).where(LessonText.lesson_id == lesson_id))
    }
    gone = stored.keys() - {one.locale for one in versions}
    for locale in gone:
        session.delete(stored[locale])
    how, source = LessonWriting(actor(session), FILE), 0
    for file in versions:
        text = stored.get(file.locale) or LessonText(
            lesson_id=lesson_id, locale=file.locale, revision=0
        )
        is_new = fill_text(session, text, file, pages[file.path], how)
        if is_new:
            text.source_revision = source
        source = source or text.revision
    session.flush()
    return bool(gone)


def fill_text(
    session: Session, text: LessonText, file: LessonFile, html: str, how: LessonWriting
) -> bool:
    """Puts what the file says into the row, and keeps a revision of it; whether that is new."""
    written = Written(file.fields, file.body, how.origin, how.author, how.based_on)
    number = keep_lesson(session, text.lesson_id, text.locale, written)
    is_new = number != text.revision
    if is_new:
        text.updated_at = scope_of(session).now
    text.revision = number
    text.title, text.chapter, text.body, text.html = file.title, file.chapter, file.body, html
    text.video, text.captions, text.file = file.video, file.captions, file.file
    session.add(text)
    return is_new
