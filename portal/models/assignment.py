"""Courses that people of an account are asked to take, until when."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


class TrainingAssignment(AccountOwned, Base):
    """`team`: who joins it later is asked, too; "" where persons were chosen one by one."""

    __tablename__ = "training_assignment"
    __table_args__ = (UniqueConstraint("account_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="CASCADE"), index=True
    )
    team: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )


class TrainingAssignee(AccountOwned, Base):
    """Somebody who is asked."""

    __tablename__ = "training_assignee"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "assignment_id"],
            ["training_assignment.account_id", "training_assignment.id"],
            name="fk_training_assignee_assignment",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_training_assignee_learner",
            ondelete="CASCADE",
        ),
    )

    assignment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
