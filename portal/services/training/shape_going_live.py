"""What the languages of a course share becomes what is read, with the first of its texts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict
from portal.models import Course, CourseLesson, CourseQuestion
from portal.services.knowledge_held import Held
from portal.services.training.course_shape import (
    USUAL_RULES,
    CourseShape,
    ShapedQuestion,
    is_overtaken,
    read_shape,
    shape_of,
)
from portal.services.training.course_texts import course_of


def hold_shaped(session: Session, held: Held) -> frozenset[int]:
    """Ids of the lessons that go. Raises Conflict where readers have something newer than what the
    working copy was begun from.
    """
    if is_overtaken(session, held):
        raise Conflict(
            "The order of lessons, the quiz or its rules have changed since this draft was begun. "
            "Look at both, then go on.",
            code="overtaken",
        )
    gone = shape_of(session, held).removed if held.shape is not None else []
    rows = _lessons(session, held)
    return frozenset(rows[name].id for name in gone)


def publish_shape(session: Session, held: Held) -> bool:
    """Within the caller's transaction; whether lessons went."""
    if held.shape is None:
        return False
    shape, before = shape_of(session, held), read_shape(session, held.item.id)
    course = course_of(session, held.item.slug)
    for name in USUAL_RULES:
        setattr(course, name, getattr(shape, name))
    if shape.graded != before.graded:
        course.revision += 1
    _place_lessons(session, held, shape)
    _place_questions(session, course, shape.questions)
    session.delete(held.shape)
    held.shape = None
    session.flush()
    return bool(shape.removed)


def _place_lessons(session: Session, held: Held, shape: CourseShape) -> None:
    rows = _lessons(session, held)
    gone = {rows[name].id for name in shape.removed}
    held.lessons = [one for one in held.lessons if one.lesson_id not in gone]
    for name in shape.removed:
        session.delete(rows.pop(name))
    for place, name in enumerate((name for name in shape.order if name in rows), 1):
        rows[name].position = place


def _place_questions(session: Session, course: Course, said: Sequence[ShapedQuestion]) -> None:
    wanted = select(CourseQuestion).where(CourseQuestion.course_id == course.item_id)
    rows = {row.key: row for row in session.scalars(wanted)}
    for place, one in enumerate(said, 1):
        row = rows.pop(one.key, None) or CourseQuestion(course_id=course.item_id, key=one.key)
        row.position, row.kind, row.options = place, one.kind, one.options
        row.right, row.words = list(one.right), one.words
        session.add(row)
    for row in rows.values():
        session.delete(row)


def _lessons(session: Session, held: Held) -> dict[str, CourseLesson]:
    wanted = select(CourseLesson).where(CourseLesson.course_id == held.item.id)
    return {row.slug: row for row in session.scalars(wanted)}
