"""Lessons as the search index holds them: found by whoever may read their course.

The index hears of them by the hub's change number, as it does of texts.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from portal.domain.knowledge import LESSON, PUBLISHED, address_of, lesson_name
from portal.domain.page_text import PageText
from portal.models import Course, CourseLesson, KnowledgeItem, KnowledgeVersion, LessonText
from portal.search import Document
from portal.services.audience import readable, readable_of_few, tokens_of
from portal.services.jobs import enqueue
from portal.services.knowledge import ItemLine
from portal.services.knowledge_texts import REINDEX


def follow_lessons(session: Session, course: Course, number: int, *, removed: bool = False) -> None:
    """Has indexes take over the course's lessons as they are now. Until they have, they keep
    silent of the whole course where a lesson was `removed`. `number` is from `raise_change`, which
    comes before any change to lessons, as those who load files have it.
    """
    course.changed_in = number
    if removed:
        session.get_one(KnowledgeItem, course.item_id).guarded_in = number
    enqueue(session, REINDEX, {}, unique_key=REINDEX)


def lesson_rows(session: Session, which: ColumnElement[bool]) -> Sequence[Any]:
    """For `lesson_document`: the lessons of published courses that the condition holds for."""
    return session.execute(
        _lessons(
            KnowledgeItem.id,
            KnowledgeItem.changed_in,
            Course.changed_in.label("lessons_changed_in"),
            LessonText.chapter,
            LessonText.html,
        ).where(KnowledgeItem.state == PUBLISHED, which)
    ).all()


def lesson_document(row: Any, features: Collection[str], tokens: Collection[str]) -> Document:
    """The features and the readers are the course's."""
    name = lesson_name(row.course, row.slug)
    return Document(
        id=f"{name}.{row.locale}",
        item_id=name,
        locale=row.locale,
        type=LESSON,
        title=row.title,
        summary=row.chapter,
        body=PageText.read(row.html).text,
        features=tuple(sorted(features)),
        audience=frozenset(tokens),
        url=address_of(LESSON, name),
        changed=max(row.changed_in, row.lessons_changed_in),
    )


def lesson_changes(session: Session) -> dict[str, int]:
    """By name, the change number that each lesson of a published course stands at."""
    rows = session.execute(
        _lessons(KnowledgeItem.changed_in, Course.changed_in.label("lessons_changed_in")).where(
            KnowledgeItem.state == PUBLISHED
        )
    )
    return {
        lesson_name(row.course, row.slug): max(row.changed_in, row.lessons_changed_in)
        for row in rows
    }


def lesson_lines(session: Session, names: Collection[str]) -> dict[tuple[str, str], ItemLine]:
    """Lines by name and locale, of lessons that the reader may read. The summary is the course's
    title.
    """
    if not names:
        return {}
    pairs = [name.split("/", 1) for name in names]
    called = and_(
        KnowledgeVersion.item_id == KnowledgeItem.id, KnowledgeVersion.locale == LessonText.locale
    )
    rows = session.execute(
        _lessons(
            CourseLesson.minutes,
            KnowledgeItem.published_on,
            KnowledgeVersion.title.label("course_title"),
        )
        .outerjoin(KnowledgeVersion, called)
        .where(
            KnowledgeItem.slug.in_(sorted({course for course, _ in pairs})),
            CourseLesson.slug.in_(sorted({lesson for _, lesson in pairs})),
            readable_of_few(tokens_of(session)),
        )
    )
    return {(lesson_name(row.course, row.slug), row.locale): _line(row) for row in rows}


def courses_holding(
    session: Session, spellings: Collection[str], like: str, most: int
) -> list[int]:
    """Ids of courses that the reader may read, with a lesson that holds any of the spellings."""
    holding = [
        part.op(like, is_comparison=True)(f"%{one}%")
        for one in spellings
        for part in (LessonText.title, LessonText.chapter, LessonText.body)
    ]
    wanted = (
        select(KnowledgeItem.id)
        .join(CourseLesson, CourseLesson.course_id == KnowledgeItem.id)
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
        .where(readable(session), or_(false(), *holding))
        .distinct()
        .limit(most)
    )
    return list(session.scalars(wanted))


def _lessons(*columns: Any) -> Any:
    return (
        select(
            KnowledgeItem.slug.label("course"),
            CourseLesson.slug,
            LessonText.locale,
            LessonText.title,
            *columns,
        )
        .join(Course, Course.item_id == KnowledgeItem.id)
        .join(CourseLesson, CourseLesson.course_id == KnowledgeItem.id)
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
    )


def _line(row: Any) -> ItemLine:
    return ItemLine(
        slug=lesson_name(row.course, row.slug),
        type=LESSON,
        minutes=row.minutes,
        published_on=row.published_on,
        locale=row.locale,
        title=row.title,
        summary=row.course_title or "",
        effect="",
    )
