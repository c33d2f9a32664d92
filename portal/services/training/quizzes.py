"""Questions as the database keeps them, and in the words of one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.quizzes import Kind, Question
from portal.models import CourseQuestion
from portal.services.training.courses import nearest


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question in one language. `options`: (letter, words) in the order to show. `answer` and
    `why` are for those who may see them only: never in a page before the quiz is handed in.
    """

    question: Question
    locale: str
    ask: str
    options: list[tuple[str, str]]
    answer: str
    why: str


def questions_of(session: Session, course_id: int) -> list[Question]:
    """In the author's order."""
    return [_question(row) for row in question_rows(session, course_id)]


def asked_questions(
    session: Session, course_id: int, locale: str, orders: dict[str, str] | None = None
) -> list[AskedQuestion]:
    """`orders`: letters by the question's key, in the order to show; the author's where None."""
    rows = question_rows(session, course_id)
    return [_asked(row, locale, (orders or {}).get(row.key)) for row in rows]


def question_rows(session: Session, course_id: int) -> Sequence[Any]:
    """As CourseQuestion has them, in the author's order."""
    return session.execute(
        select(
            CourseQuestion.key,
            CourseQuestion.kind,
            CourseQuestion.options,
            CourseQuestion.right,
            CourseQuestion.words,
        )
        .where(CourseQuestion.course_id == course_id)
        .order_by(CourseQuestion.position, CourseQuestion.id)
    ).all()


def _question(row: Any) -> Question:
    return Question(row.key, Kind(row.kind), row.options, tuple(row.right))


def _asked(row: Any, locale: str, order: str | None) -> AskedQuestion:
    question = _question(row)
    shown = nearest(locale, row.words)
    words = row.words[shown]
    by_letter = dict(zip(question.letters, words["options"], strict=True))
    return AskedQuestion(
        question=question,
        locale=shown,
        ask=words["ask"],
        options=[(letter, by_letter[letter]) for letter in order or question.letters],
        answer=words["answer"],
        why=words["why"],
    )
