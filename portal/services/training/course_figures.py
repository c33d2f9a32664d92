"""How a course goes, summed over all accounts: for those who write it, and nobody by name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.knowledge import COURSE
from portal.domain.training import AttemptState
from portal.models import Enrolment, KnowledgeItem, QuizAttempt
from portal.tenancy import unscoped

LATEST = 2000
"""Attempts that are looked at, the latest."""
FEWEST = 5
"""Answers from which on a question's share is said."""


@dataclass(frozen=True, slots=True)
class QuestionFigure:
    """`right` of `answers` were right."""

    key: str
    right: int
    answers: int


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """`score` is the mean of each person's best in percent; None before anybody handed in.
    `questions`: the hardest first, those with at least five answers.
    """

    started: int
    finished: int
    score: float | None
    questions: list[QuestionFigure]


def course_figures(session: Session, slug: str) -> CourseFigures:
    """Raises NotFound."""
    course_id = session.scalar(
        select(KnowledgeItem.id).where(KnowledgeItem.slug == slug, KnowledgeItem.type == COURSE)
    )
    if course_id is None:
        raise NotFound
    with unscoped(session, "figures of a course over all accounts") as wide:
        row = wide.execute(
            select(
                func.count(Enrolment.id).label("started"),
                func.count(Enrolment.finished_at).label("finished"),
                func.avg(Enrolment.best).label("score"),
            ).where(Enrolment.course_id == course_id)
        ).one()
        results = wide.scalars(
            select(QuizAttempt.results)
            .where(
                QuizAttempt.course_id == course_id,
                QuizAttempt.state.in_([AttemptState.PASSED, AttemptState.FAILED]),
            )
            .order_by(QuizAttempt.id.desc())
            .limit(LATEST)
        ).all()
    score = None if row.score is None else float(row.score)
    return CourseFigures(row.started, row.finished, score, hardest_questions(results))


def hardest_questions(results: Sequence[dict[str, Any]]) -> list[QuestionFigure]:
    """Of results by the question's key; those with too few answers are left out."""
    answers: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one in results:
        for key, good in one.items():
            answers[key] += good is not None
            right[key] += bool(good)
    found = [
        QuestionFigure(key, right[key], count) for key, count in answers.items() if count >= FEWEST
    ]
    return sorted(found, key=lambda one: (one.right / one.answers, one.key))
