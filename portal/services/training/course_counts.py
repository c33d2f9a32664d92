"""What courses hold in numbers, and what the reader has done of them."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from portal.models import CourseLesson, CourseQuestion, Enrolment, LessonText, TrainingProgress
from portal.services.training.learners import learner_of


def is_read() -> ColumnElement[bool]:
    """Of a CourseLesson: it stands in some language, so that it is more than a working copy."""
    return exists().where(LessonText.lesson_id == CourseLesson.id)


def lesson_counts(session: Session, ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        select(CourseLesson.course_id, func.count(), func.sum(CourseLesson.minutes))
        .where(CourseLesson.course_id.in_(ids), is_read())
        .group_by(CourseLesson.course_id)
    )
    return {number: (int(count), int(minutes)) for number, count, minutes in rows}


def question_counts(session: Session, ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(CourseQuestion.course_id, func.count())
        .where(CourseQuestion.course_id.in_(ids))
        .group_by(CourseQuestion.course_id)
    )
    return {number: int(count) for number, count in rows}


def enrolments_in(session: Session, ids: list[int]) -> dict[int, Any]:
    learner = learner_of(session)
    if learner is None:
        return {}
    rows = session.execute(
        select(Enrolment.course_id, Enrolment.finished_at).where(
            Enrolment.user_id == learner.user_id, Enrolment.course_id.in_(ids)
        )
    )
    return {row.course_id: row for row in rows}


def done_counts(session: Session, ids: list[int]) -> dict[int, int]:
    learner = learner_of(session)
    if learner is None:
        return {}
    rows = session.execute(
        select(CourseLesson.course_id, func.count(TrainingProgress.lesson_id))
        .join(TrainingProgress, TrainingProgress.lesson_id == CourseLesson.id)
        .where(
            TrainingProgress.user_id == learner.user_id,
            CourseLesson.course_id.in_(ids),
            is_read(),
        )
        .group_by(CourseLesson.course_id)
    )
    return {number: int(count) for number, count in rows}


def done_lessons(session: Session, course_id: int) -> set[int]:
    """Ids of the course's lessons that the reader has done."""
    learner = learner_of(session)
    if learner is None:
        return set()
    return set(
        session.scalars(
            select(TrainingProgress.lesson_id)
            .join(CourseLesson, CourseLesson.id == TrainingProgress.lesson_id)
            .where(
                TrainingProgress.user_id == learner.user_id,
                CourseLesson.course_id == course_id,
                is_read(),
            )
        )
    )
