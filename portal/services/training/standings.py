"""Where a learner stands with a quiz: what they tried, what is left, what they have."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict
from portal.domain.quizzes import attempts_left
from portal.domain.training import AttemptState, may_renew
from portal.models import Certificate, Course, Enrolment, QuizAttempt
from portal.services.training.learners import Learner, learner_of
from portal.tenancy import scope_of

_COUNTED = (AttemptState.REVIEW, AttemptState.PASSED, AttemptState.FAILED)


@dataclass(frozen=True, slots=True)
class QuizStanding:
    """Where the reader stands with a quiz. `left` None: as many attempts as they like. `open_key`:
    the attempt that is begun. `code` and `expires_on` are of their certificate, if they have one
    that was not withdrawn. `may_begin`: another attempt is theirs to take.
    """

    used: int
    left: int | None
    best: int | None
    open_key: str | None
    in_review: str | None
    last: str | None
    code: str | None
    expires_on: date | None
    may_begin: bool


def quiz_standing(session: Session, course_id: int) -> QuizStanding | None:
    """None for those whose training is not kept."""
    learner = learner_of(session)
    if learner is None:
        return None
    rules = session.execute(
        select(Course.attempts, Enrolment.extra, Enrolment.best)
        .outerjoin(
            Enrolment,
            (Enrolment.course_id == Course.item_id) & (Enrolment.user_id == learner.user_id),
        )
        .where(Course.item_id == course_id)
    ).one()
    tries, certificate = (
        _tries(session, learner, course_id),
        _certificate(session, learner, course_id),
    )
    allowed = rules.attempts + (rules.extra or 0) if rules.attempts else 0
    return _standing(tries, certificate, allowed, rules.best, scope_of(session).now.date())


def _tries(session: Session, learner: Learner, course_id: int) -> list[Any]:
    return list(
        session.execute(
            select(QuizAttempt.key, QuizAttempt.state, QuizAttempt.number)
            .where(
                QuizAttempt.user_id == learner.user_id,
                QuizAttempt.course_id == course_id,
                QuizAttempt.state != AttemptState.VOID,
            )
            .order_by(QuizAttempt.number)
        )
    )


def _certificate(session: Session, learner: Learner, course_id: int) -> Any:
    return session.execute(
        select(Certificate.code, Certificate.expires_on)
        .where(
            Certificate.user_id == learner.user_id,
            Certificate.course_id == course_id,
            Certificate.withdrawn_at.is_(None),
        )
        .order_by(Certificate.id.desc())
        .limit(1)
    ).one_or_none()


def _standing(
    tries: list[Any], certificate: Any, allowed: int, best: int | None, today: date
) -> QuizStanding:
    """Attempts count from the last one that was passed: a certificate is earned anew with as many
    as the first.
    """
    states = [one.state for one in tries]
    passed = [at for at, state in enumerate(states) if state == AttemptState.PASSED]
    since = tries[passed[-1] + 1 :] if passed else tries
    counted = [one for one in since if one.state in _COUNTED]
    left = attempts_left(allowed, len(counted))
    in_review = next((one.key for one in since if one.state == AttemptState.REVIEW), None)
    renews = certificate is None or may_renew(certificate.expires_on, today)
    return QuizStanding(
        used=len(counted),
        left=left,
        best=best,
        open_key=next((one.key for one in since if one.state == AttemptState.OPEN), None),
        in_review=in_review,
        last=next((one.key for one in reversed(tries) if one.state in _COUNTED), None),
        code=certificate.code if certificate else None,
        expires_on=certificate.expires_on if certificate else None,
        may_begin=renews and left != 0 and in_review is None,
    )


def refusal(standing: QuizStanding) -> Conflict:
    """Why no attempt may be begun."""
    if standing.in_review:
        return Conflict("Your last attempt is still being read.", code="attempt-in-review")
    if standing.left == 0:
        return Conflict("No attempt is left.", code="no-attempts-left")
    return Conflict("You have passed this quiz.", code="passed-already")
