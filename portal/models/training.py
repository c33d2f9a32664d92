"""What people of an account have done of courses. Rows per person, never per browser."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


def _learner(table: str) -> ForeignKeyConstraint:
    """The database itself refuses a row of one account for a person of another."""
    return ForeignKeyConstraint(
        ["account_id", "user_id"],
        ["portal_user.account_id", "portal_user.id"],
        name=f"fk_{table}_learner",
        ondelete="CASCADE",
    )


class TrainingProgress(AccountOwned, Base):
    """The person has done the lesson."""

    __tablename__ = "training_progress"
    __table_args__ = (_learner("training_progress"),)

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lesson_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course_lesson.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    done_at: Mapped[datetime]


class Enrolment(AccountOwned, Base):
    """The person has begun the course. `finished_at`: passed its quiz, or, where it has none, done
    all lessons. `best` is percent. `extra` attempts were given on top of the course's own.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        _learner("enrolment"),
        UniqueConstraint("user_id", "course_id"),
        Index("ix_enrolment_account_id_course_id", "account_id", "course_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="CASCADE"), index=True
    )
    lesson_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("course_lesson.id", ondelete="SET NULL")
    )
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    best: Mapped[int | None]
    extra: Mapped[int] = mapped_column(default=0)


class QuizAttempt(AccountOwned, Base):
    """One try at a quiz. `state`: open, review, passed, failed; void where the quiz was changed
    before it was handed in, which does not count.

    `seed` draws the order of the options. `answers`, `results` and `decisions` (of a reviewer:
    right, said) by the question's key. `score` is percent.
    """

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        _learner("quiz_attempt"),
        UniqueConstraint("user_id", "course_id", "number"),
        Index("ix_quiz_attempt_course_id_state", "course_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    user_id: Mapped[int] = mapped_column(BigInteger)
    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="CASCADE")
    )
    number: Mapped[int]
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="open")
    seed: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str] = mapped_column(String(16))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    results: Mapped[dict[str, Any]] = mapped_column(JSON)
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON)
    score: Mapped[int | None]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )


class Certificate(AccountOwned, Base):
    """Given for one passed attempt. What stands on it is kept as it was that day: the person's and
    the account's name, the course's title by locale. `expires_on` is the last day on which it is
    valid; None: for good.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        _learner("certificate"),
        UniqueConstraint("attempt_id"),
        Index("ix_certificate_user_id_course_id", "user_id", "course_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="CASCADE")
    )
    attempt_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("quiz_attempt.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(String(200))
    account_name: Mapped[str] = mapped_column(String(200))
    titles: Mapped[dict[str, Any]] = mapped_column(JSON)
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
