"""What is known of every person and course of an account, a cell at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.training import AttemptState, CertificateState, Standing, certificate_state
from portal.models import (
    Certificate,
    CourseLesson,
    Enrolment,
    QuizAttempt,
    TrainingAssignee,
    TrainingAssignment,
    TrainingProgress,
)
from portal.services.training.course_counts import is_read
from portal.services.training.courses import CourseLine


@dataclass(frozen=True, slots=True)
class Cell:
    """How far one person is with one course. `late`: asked for until a day that has passed."""

    standing: Standing | None
    done: int
    lessons: int
    best: int | None
    due_on: date | None
    late: bool


class MatrixFacts:
    """What is known of every person and course of an account: five statements."""

    def __init__(self, session: Session, account_id: int) -> None:
        self._enrolments = _enrolments(session, account_id)
        self._done = _done(session, account_id)
        self._due = _dues(session, account_id)
        self._reviews = _reviews(session, account_id)
        self._certificates = _certificates(session, account_id)

    def cell(self, user_id: int, course: CourseLine, today: date) -> Cell:
        pair = (user_id, course.id)
        enrolment = self._enrolments.get(pair)
        standing = self._standing(pair, enrolment, today)
        due_on = self._due.get(pair)
        finished = standing is Standing.FINISHED
        return Cell(
            standing=standing,
            done=self._done.get(pair, 0),
            lessons=course.lessons,
            best=enrolment.best if enrolment else None,
            due_on=due_on,
            late=due_on is not None and due_on < today and not finished,
        )

    def _standing(self, pair: tuple[int, int], enrolment: Any, today: date) -> Standing | None:
        if enrolment is None:
            return Standing.TO_DO if pair in self._due else None
        certificate = self._certificates.get(pair)
        if enrolment.finished_at is not None:
            ended = certificate is not None and (
                certificate_state(
                    certificate.expires_on,
                    today,
                    withdrawn=certificate.withdrawn_at is not None,
                )
                is not CertificateState.VALID
            )
            return Standing.EXPIRED if ended else Standing.FINISHED
        return Standing.REVIEW if pair in self._reviews else Standing.STARTED


def _enrolments(session: Session, account_id: int) -> dict[tuple[int, int], Any]:
    wanted = select(
        Enrolment.user_id, Enrolment.course_id, Enrolment.finished_at, Enrolment.best
    ).where(Enrolment.account_id == account_id)
    return _by_pair(session.execute(wanted))


def _done(session: Session, account_id: int) -> dict[tuple[int, int], int]:
    rows = session.execute(
        select(
            TrainingProgress.user_id,
            CourseLesson.course_id,
            func.count(TrainingProgress.lesson_id).label("done"),
        )
        .join(CourseLesson, CourseLesson.id == TrainingProgress.lesson_id)
        .where(TrainingProgress.account_id == account_id, is_read())
        .group_by(TrainingProgress.user_id, CourseLesson.course_id)
    )
    return {(row.user_id, row.course_id): row.done for row in rows}


def _reviews(session: Session, account_id: int) -> dict[tuple[int, int], Any]:
    wanted = select(QuizAttempt.user_id, QuizAttempt.course_id).where(
        QuizAttempt.account_id == account_id, QuizAttempt.state == AttemptState.REVIEW
    )
    return _by_pair(session.execute(wanted))


def _certificates(session: Session, account_id: int) -> dict[tuple[int, int], Any]:
    """The newest of each."""
    wanted = (
        select(
            Certificate.user_id,
            Certificate.course_id,
            Certificate.expires_on,
            Certificate.withdrawn_at,
        )
        .where(Certificate.account_id == account_id)
        .order_by(Certificate.id)
    )
    return _by_pair(session.execute(wanted))


def _by_pair(rows: Any) -> dict[tuple[int, int], Any]:
    return {(row.user_id, row.course_id): row for row in rows}


def _dues(session: Session, account_id: int) -> Mapping[tuple[int, int], date | None]:
    rows = session.execute(
        select(
            TrainingAssignee.user_id,
            TrainingAssignment.course_id,
            func.min(TrainingAssignment.due_on).label("due_on"),
        )
        .join(TrainingAssignment, TrainingAssignment.id == TrainingAssignee.assignment_id)
        .where(TrainingAssignment.account_id == account_id)
        .group_by(TrainingAssignee.user_id, TrainingAssignment.course_id)
    )
    return {(row.user_id, row.course_id): row.due_on for row in rows}
