"""Answers in own words, read by a person who looks after the account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.quizzes import Kind, Outcome
from portal.domain.training import AttemptState, course_address
from portal.models import Account, Course, KnowledgeItem, QuizAttempt, User
from portal.services.mail import queue_mail
from portal.services.training.attempts import settle
from portal.services.training.courses import course_titles, nearest
from portal.services.training.quizzes import AskedQuestion, asked_questions, questions_of
from portal.tenancy import scope_of

LONGEST_WORDS = 1000
Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    key: str
    title: str
    name: str
    account: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`questions`: those that wait, each with what was answered."""

    line: ReviewLine
    questions: list[tuple[AskedQuestion, str]]


@dataclass(frozen=True, slots=True)
class Decision:
    """`said` is for the learner."""

    right: bool
    said: str


def waiting_reviews(session: Session) -> list[ReviewLine]:
    """Of the accounts in reach, those that wait longest first."""
    rows = session.execute(_reviews().order_by(QuizAttempt.submitted_at)).all()
    titles = course_titles(session, [row.course_id for row in rows])
    return [_line(session, row, titles) for row in rows]


def read_review(session: Session, key: str) -> ReviewPage:
    """Raises NotFound, also for what is decided already."""
    row = session.execute(_reviews().where(QuizAttempt.key == key)).one_or_none()
    if row is None:
        raise NotFound
    asked = asked_questions(session, row.course_id, row.locale)
    open_ones = [
        (one, str(row.answers.get(one.question.key, "")))
        for one in asked
        if one.question.kind is Kind.TEXT and row.results.get(one.question.key) is None
    ]
    return ReviewPage(_line(session, row, course_titles(session, [row.course_id])), open_ones)


def decide_review(
    session: Session, key: str, decisions: Mapping[str, Decision], link: Link
) -> Outcome:
    """Grades the attempt with what the reviewer says and tells the learner, in one transaction.

    Raises Invalid, whose `fields` name the questions without a decision, and Conflict where it was
    decided meanwhile.
    """
    page, scope = read_review(session, key), scope_of(session)
    missing = [one.question.key for one, _ in page.questions if one.question.key not in decisions]
    if missing:
        fields = dict.fromkeys(missing, "Say whether this is right.")
        raise Invalid("Decide on every answer.", code="undecided", fields=fields)
    attempt = session.scalars(
        select(QuizAttempt).where(QuizAttempt.key == key).with_for_update()
    ).one()
    if attempt.state != AttemptState.REVIEW:
        raise Conflict("Somebody else has decided this meanwhile.", code="decided-already")
    attempt.decisions = {
        name: {"right": one.right, "said": one.said[:LONGEST_WORDS]}
        for name, one in decisions.items()
    }
    attempt.decided_at, attempt.decided_by = scope.now, scope.user_id
    course = session.get_one(Course, attempt.course_id)
    outcome = settle(session, attempt, course, questions_of(session, attempt.course_id))
    _tell(session, attempt, outcome, link)
    session.commit()
    return outcome


def _tell(session: Session, attempt: QuizAttempt, outcome: Outcome, link: Link) -> None:
    learner = session.execute(
        select(User.email, User.name, User.locale).where(User.id == attempt.user_id)
    ).one()
    slug = session.scalars(
        select(KnowledgeItem.slug).where(KnowledgeItem.id == attempt.course_id)
    ).one()
    titles = course_titles(session, [attempt.course_id])[attempt.course_id]
    queue_mail(
        session,
        recipient=learner.email,
        locale=learner.locale,
        template="quiz_read",
        values={
            "name": learner.name,
            "course": titles[nearest(learner.locale or attempt.locale, titles)],
            "passed": outcome is Outcome.PASSED,
            "link": link(f"{course_address(slug)}/attempts/{attempt.key}"),
        },
        idempotency_key=f"quiz-read:{attempt.key}",
        account_id=attempt.account_id,
    )


def _reviews() -> Any:
    return (
        select(
            QuizAttempt.key,
            QuizAttempt.course_id,
            QuizAttempt.submitted_at,
            QuizAttempt.locale,
            QuizAttempt.answers,
            QuizAttempt.results,
            User.name,
            User.email,
            Account.name.label("account"),
        )
        .join(User, User.id == QuizAttempt.user_id)
        .join(Account, Account.id == QuizAttempt.account_id)
        .where(QuizAttempt.state == AttemptState.REVIEW)
    )


def _line(session: Session, row: Any, titles: Mapping[int, Mapping[str, str]]) -> ReviewLine:
    words = titles[row.course_id]
    title = words[nearest(scope_of(session).locale, words)]
    return ReviewLine(row.key, title, row.name or row.email, row.account, row.submitted_at)
