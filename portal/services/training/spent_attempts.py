"""Learners whose attempts at a quiz are used up, and one attempt more for them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.training import AttemptState
from portal.models import Course, Enrolment, KnowledgeItem, QuizAttempt, User
from portal.services.audience import readable
from portal.services.audit import record
from portal.services.training.courses import CourseLine

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class SpentLine:
    """`used` attempts, none of them passed; `best` is percent."""

    user_key: str
    name: str
    slug: str
    title: str
    used: int
    best: int | None


def spent_attempts(
    session: Session, account_id: int, courses: Sequence[CourseLine]
) -> list[SpentLine]:
    """Of the account, by name: who has not passed and may not try again."""
    titles = {one.id: one for one in courses}
    rows = session.execute(
        select(
            User.id,
            User.key,
            User.name,
            User.email,
            Enrolment.course_id,
            Enrolment.best,
            (Course.attempts + Enrolment.extra).label("allowed"),
        )
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(Course, Course.item_id == Enrolment.course_id)
        .where(
            Enrolment.account_id == account_id,
            Enrolment.finished_at.is_(None),
            Course.attempts > 0,
            Enrolment.course_id.in_(titles),
        )
        .order_by(User.name, User.id, Enrolment.course_id)
    ).all()
    used = _failed(session, account_id)
    return [
        SpentLine(
            row.key,
            row.name or row.email,
            titles[row.course_id].slug,
            titles[row.course_id].title,
            used[row.id, row.course_id],
            row.best,
        )
        for row in rows
        if used[row.id, row.course_id] >= row.allowed
    ]


def give_attempt(session: Session, person: str, slug: str, reason: str) -> None:
    """One attempt more at the quiz for somebody in reach, and why. Raises NotFound, and Invalid
    where no reason is given.
    """
    found = session.scalars(
        select(Enrolment)
        .join(User, User.id == Enrolment.user_id)
        .join(KnowledgeItem, KnowledgeItem.id == Enrolment.course_id)
        .where(User.key == person, KnowledgeItem.slug == slug, readable(session))
        .with_for_update(of=Enrolment)
    ).one_or_none()
    if found is None:
        raise NotFound
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise Invalid("Say why.", code="no-reason", fields={"reason": "Say why."})
    found.extra += 1
    record(
        session,
        "quiz.attempt-given",
        "user",
        person,
        account_id=found.account_id,
        course=slug,
        reason=said,
    )
    session.commit()


def _failed(session: Session, account_id: int) -> Counter[tuple[int, int]]:
    rows = session.execute(
        select(QuizAttempt.user_id, QuizAttempt.course_id).where(
            QuizAttempt.account_id == account_id, QuizAttempt.state == AttemptState.FAILED
        )
    )
    return Counter((row.user_id, row.course_id) for row in rows)
