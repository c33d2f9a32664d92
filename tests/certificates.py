"""Certificates of the cast of tests/world.py for one course, as if its quiz were passed."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.training import AttemptState, write_code
from portal.models import Certificate, KnowledgeItem, QuizAttempt, User
from tests.moments import NOON

_numbers = count(1)


@dataclass(frozen=True)
class Given:
    session: Session
    slug: str

    def to(self, email: str, until: date | None, titles: dict[str, str]) -> Certificate:
        user = self.session.scalars(select(User).where(User.email == email)).one()
        wanted = select(KnowledgeItem.id).where(KnowledgeItem.slug == self.slug)
        course, number = self.session.scalars(wanted).one(), next(_numbers)
        owner = {"account_id": user.account_id, "user_id": user.id, "course_id": course}
        attempt = QuizAttempt(
            **owner,
            number=number,
            revision=1,
            seed="seed",
            answers={},
            results={},
            decisions={},
            locale="en",
            state=AttemptState.PASSED,
            started_at=NOON,
        )
        self.session.add(attempt)
        self.session.flush()
        certificate = Certificate(
            **owner,
            code=write_code([0] * 13 + [number // 1024, number // 32 % 32, number % 32]),
            attempt_id=attempt.id,
            name=user.name,
            account_name="",
            titles=titles,
            issued_on=NOON.date() - timedelta(days=300),
            expires_on=until,
        )
        self.session.add(certificate)
        self.session.flush()
        return certificate
