"""Live sessions for an account: who is invited, what they need, who came."""

from datetime import date, datetime

from sqlalchemy import (
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


class TrainingSession(AccountOwned, Base):
    """`starts_at` is a moment; `time_zone` the IANA zone in which it is said. `sequence` rises with
    each change that calendars must hear of. `code` is shown in the room. `recording` and
    `materials` are addresses.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        Index("ix_training_session_account_id_starts_at", "account_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    course_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="SET NULL")
    )
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(4000), default="")
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    time_zone: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(1000), default="")
    trainer: Mapped[str] = mapped_column(String(200), default="")
    code: Mapped[str] = mapped_column(String(8))
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    recording: Mapped[str] = mapped_column(String(1000), default="")
    materials: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )


class SessionGuest(AccountOwned, Base):
    """Somebody who is invited. `needs` is what they wrote before, `needs_at` when; `attended_at`
    when they signed in, `marked_by` who did it for them.
    """

    __tablename__ = "session_guest"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["training_session.account_id", "training_session.id"],
            name="fk_session_guest_session",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_session_guest_learner",
            ondelete="CASCADE",
        ),
    )

    session_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
    invited_at: Mapped[datetime]
    level: Mapped[str] = mapped_column(String(12), default="")
    needs: Mapped[str] = mapped_column(String(2000), default="")
    needs_at: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
    marked_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )


class InternalTrainer(AccountOwned, Base):
    """Somebody of the account who passes on what they learned (KOL)."""

    __tablename__ = "internal_trainer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_internal_trainer_learner",
            ondelete="CASCADE",
        ),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    since: Mapped[date]
    topic: Mapped[str] = mapped_column(String(300), default="")
    named_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
