"""What a learner has done, written so that two devices at once lose nothing."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.models import (
    CourseLesson,
    CourseQuestion,
    Enrolment,
    KnowledgeItem,
    TrainingProgress,
)
from portal.services.audience import readable
from portal.services.once import add_once
from portal.services.training.course_counts import done_lessons, is_read
from portal.services.training.learners import Learner, the_learner
from portal.tenancy import scope_of


def complete_lesson(session: Session, slug: str, lesson: str) -> bool:
    """Notes that the reader has done the lesson, once; True where the course ends with it, as it
    has no quiz. Raises NotFound, and Conflict for those whose training is not kept.
    """
    found = _find_lesson(session, slug, lesson)
    learner, now = the_learner(session), scope_of(session).now
    enrolment = enrol(session, learner, found.course_id)
    done = TrainingProgress(
        account_id=learner.account_id, user_id=learner.user_id, lesson_id=found.id, done_at=now
    )
    add_once(session, done, "lesson_id")
    enrolment.seen_at, enrolment.lesson_id = now, found.id
    session.flush()
    ended = enrolment.finished_at is None and _is_through(session, found.course_id)
    if ended:
        enrolment.finished_at = now
    session.commit()
    return ended


def reopen_lesson(session: Session, slug: str, lesson: str) -> None:
    """Takes back that it is done. Raises NotFound."""
    found = _find_lesson(session, slug, lesson)
    learner = the_learner(session)
    row = session.get(TrainingProgress, (learner.user_id, found.id))
    if row is not None:
        session.delete(row)
    session.commit()


def enrol(session: Session, learner: Learner, course_id: int) -> Enrolment:
    """The learner's row of the course, made where there is none, locked until the transaction
    ends: whoever writes for the same person and course waits here.
    """
    now = scope_of(session).now
    if session.scalar(_enrolment(learner, course_id)) is None:
        new = Enrolment(
            account_id=learner.account_id,
            user_id=learner.user_id,
            course_id=course_id,
            started_at=now,
            seen_at=now,
        )
        add_once(session, new, "course_id")
    wanted = _enrolment(learner, course_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _enrolment(learner: Learner, course_id: int) -> Select[Enrolment]:
    return select(Enrolment).where(
        Enrolment.user_id == learner.user_id, Enrolment.course_id == course_id
    )


def _find_lesson(session: Session, slug: str, lesson: str) -> CourseLesson:
    found = session.scalars(
        select(CourseLesson)
        .join(KnowledgeItem, KnowledgeItem.id == CourseLesson.course_id)
        .where(KnowledgeItem.slug == slug, CourseLesson.slug == lesson)
        .where(is_read(), readable(session))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _is_through(session: Session, course_id: int) -> bool:
    """All lessons are done, and no quiz is left to pass."""
    asked = select(func.count(CourseQuestion.id)).where(CourseQuestion.course_id == course_id)
    if session.scalar(asked):
        return False
    lessons = select(func.count(CourseLesson.id)).where(
        CourseLesson.course_id == course_id, is_read()
    )
    return len(done_lessons(session, course_id)) == session.scalar(lessons)
