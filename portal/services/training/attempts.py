"""Taking a quiz: begun, put aside, handed in. What is right is known here, never in the page."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.quizzes import (
    Outcome,
    grade,
    is_answered,
    orders,
)
from portal.domain.training import AttemptState
from portal.models import Course, Enrolment, KnowledgeItem, QuizAttempt
from portal.services.audience import readable
from portal.services.audit import record
from portal.services.training.certificates import issue_certificate
from portal.services.training.courses import CoursePage, read_course
from portal.services.training.learners import Learner, learner_of, the_learner
from portal.services.training.progress import enrol
from portal.services.training.quizzes import AskedQuestion, asked_questions, questions_of
from portal.services.training.standings import QuizStanding, quiz_standing, refusal
from portal.tenancy import scope_of

Answers = Mapping[str, Sequence[str] | str]


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """`questions` hold what is right only where `revealed`. `results`: right, wrong or None while
    somebody reads it. `said`: a reviewer's words, by the question's key.
    """

    key: str
    course: CoursePage
    state: AttemptState
    number: int
    questions: list[AskedQuestion]
    answers: Answers
    results: Mapping[str, bool | None]
    said: Mapping[str, str]
    right: int
    total: int
    score: int | None
    submitted_at: datetime | None
    revealed: bool
    standing: QuizStanding
    unanswered: list[str] = field(default_factory=list)


def begin_attempt(session: Session, slug: str) -> str:
    """Key of the reader's open attempt, begun now where there is none. Raises NotFound where there
    is no quiz, and Conflict where no attempt is left or the quiz is passed.
    """
    course = _find_course(session, slug)
    learner, now = the_learner(session), scope_of(session).now
    enrolment = enrol(session, learner, course.item_id)
    if not questions_of(session, course.item_id):
        raise NotFound
    _void_outdated(session, learner, course)
    standing = quiz_standing(session, course.item_id)
    if standing is None or standing.open_key:
        session.commit()
        return standing.open_key or "" if standing else ""
    if not standing.may_begin:
        raise refusal(standing)
    attempt = QuizAttempt(
        account_id=learner.account_id,
        user_id=learner.user_id,
        course_id=course.item_id,
        number=_next_number(session, learner, course.item_id),
        revision=course.revision,
        seed=secrets.token_hex(8),
        locale=scope_of(session).locale,
        answers={},
        results={},
        decisions={},
        started_at=now,
    )
    session.add(attempt)
    enrolment.seen_at = now
    session.commit()
    return attempt.key


def show_attempt(session: Session, slug: str, key: str) -> AttemptPage:
    """The reader's own attempt. Raises NotFound for any other."""
    attempt = _own_attempt(session, slug, key)
    return _page(session, attempt, read_course(session, slug))


def save_answers(session: Session, slug: str, key: str, answers: Answers) -> None:
    """Puts the attempt aside with what is answered so far. Raises NotFound, and Conflict where it
    is handed in already.
    """
    attempt = _own_attempt(session, slug, key, lock=True)
    if attempt.state != AttemptState.OPEN:
        raise Conflict("This attempt is handed in already.", code="attempt-closed")
    attempt.answers = dict(answers)
    session.commit()


def submit_attempt(session: Session, slug: str, key: str, answers: Answers) -> None:
    """Hands the attempt in and grades it. Handed in a second time it stays as it was.

    Raises Invalid, whose `fields` name the questions without an answer (they are kept, though), and
    Conflict (quiz-changed) where the quiz is another one by now: the attempt does not count.
    """
    attempt = _own_attempt(session, slug, key, lock=True)
    if attempt.state != AttemptState.OPEN:
        return
    course = _find_course(session, slug)
    if attempt.revision != course.revision:
        attempt.state = AttemptState.VOID
        session.commit()
        raise Conflict(
            "The quiz was changed while you took it. Begin again: this attempt does not count.",
            code="quiz-changed",
        )
    questions = questions_of(session, course.item_id)
    attempt.answers = dict(answers)
    missing = [one.key for one in questions if not is_answered(one, answers.get(one.key, ()))]
    if missing:
        session.commit()
        fields = dict.fromkeys(missing, "Answer this question.")
        raise Invalid("Answer every question.", code="unanswered", fields=fields)
    attempt.submitted_at = scope_of(session).now
    settle(session, attempt, course, questions)
    session.commit()


def settle(session: Session, attempt: QuizAttempt, course: Course, questions: Any) -> Outcome:
    """Grades a handed-in attempt by what is known of it, in the caller's transaction; the
    certificate comes with passing.
    """
    decided = {key: bool(one["right"]) for key, one in attempt.decisions.items()}
    graded = grade(questions, attempt.answers, course.pass_mark, decided)
    attempt.results, attempt.score = dict(graded.results), graded.score
    attempt.state = graded.outcome.value
    enrolment = session.scalars(
        select(Enrolment).where(
            Enrolment.user_id == attempt.user_id, Enrolment.course_id == attempt.course_id
        )
    ).one()
    enrolment.best = max(enrolment.best or 0, graded.score)
    enrolment.seen_at = scope_of(session).now
    if graded.outcome is Outcome.PASSED:
        enrolment.finished_at = enrolment.finished_at or scope_of(session).now
        issue_certificate(session, attempt, course)
    record(
        session,
        f"quiz.{graded.outcome.value}",
        "quiz attempt",
        attempt.key,
        account_id=attempt.account_id,
        score=graded.score,
    )
    return graded.outcome


# --- rows -------------------------------------------------------------------------------------


def _find_course(session: Session, slug: str) -> Course:
    found = session.scalars(
        select(Course)
        .join(KnowledgeItem, KnowledgeItem.id == Course.item_id)
        .where(KnowledgeItem.slug == slug, readable(session))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _own_attempt(session: Session, slug: str, key: str, *, lock: bool = False) -> QuizAttempt:
    learner = learner_of(session)
    if learner is None:
        raise NotFound
    wanted = (
        select(QuizAttempt)
        .join(KnowledgeItem, KnowledgeItem.id == QuizAttempt.course_id)
        .where(
            QuizAttempt.key == key,
            QuizAttempt.user_id == learner.user_id,
            QuizAttempt.state != AttemptState.VOID,
            KnowledgeItem.slug == slug,
            readable(session),
        )
    )
    found = session.scalars(
        wanted.with_for_update(of=QuizAttempt) if lock else wanted
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _void_outdated(session: Session, learner: Learner, course: Course) -> None:
    """An attempt on a quiz that was changed since does not count."""
    begun = session.scalars(
        select(QuizAttempt).where(
            QuizAttempt.user_id == learner.user_id,
            QuizAttempt.course_id == course.item_id,
            QuizAttempt.state == AttemptState.OPEN,
            QuizAttempt.revision != course.revision,
        )
    )
    for attempt in begun:
        attempt.state = AttemptState.VOID
    session.flush()


def _next_number(session: Session, learner: Learner, course_id: int) -> int:
    """The unique number lets of two devices that begin at once only one make an attempt."""
    last = session.scalars(
        select(QuizAttempt.number)
        .where(QuizAttempt.user_id == learner.user_id, QuizAttempt.course_id == course_id)
        .order_by(QuizAttempt.number.desc())
        .limit(1)
    ).one_or_none()
    return (last or 0) + 1


def _page(session: Session, attempt: QuizAttempt, course: CoursePage) -> AttemptPage:
    state = AttemptState(attempt.state)
    standing = quiz_standing(session, course.line.id)
    if standing is None:
        raise NotFound
    current = session.scalar(select(Course.revision).where(Course.item_id == course.line.id))
    locale = scope_of(session).locale
    questions = questions_of(session, course.line.id)
    shown = asked_questions(session, course.line.id, locale, orders(questions, attempt.seed))
    same = attempt.revision == current
    ended = state is AttemptState.PASSED or (state is AttemptState.FAILED and standing.left == 0)
    return AttemptPage(
        key=attempt.key,
        course=course,
        state=state,
        number=attempt.number,
        questions=shown if same else [],
        answers=attempt.answers,
        results=attempt.results,
        said={key: one["said"] for key, one in attempt.decisions.items()},
        right=sum(1 for one in attempt.results.values() if one),
        total=len(attempt.results) or len(questions),
        score=attempt.score,
        submitted_at=attempt.submitted_at,
        revealed=ended and same,
        standing=standing,
    )
