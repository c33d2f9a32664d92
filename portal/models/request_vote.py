from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.tenancy import AccountOwned


class RequestVote(AccountOwned, Base):
    """A person of the account wants it too. `by_id`: who says so for them (a proxy vote)."""

    __tablename__ = "request_vote"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_vote_request",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_request_vote_user",
            ondelete="CASCADE",
        ),
    )

    request_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
    by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]


class RequestFollow(AccountOwned, Base):
    """Somebody of the account or of the vendor is told of each step. `active` False: they have
    said that they no longer want to be.
    """

    __tablename__ = "request_follow"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_follow_request",
            ondelete="CASCADE",
        ),
    )

    request_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    active: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]


class RequestConfirmation(AccountOwned, Base):
    """Somebody is asked whether a release works for them, and what they said.

    `release` is the number of the release; `answer` a value of domain.requests.Answer.
    """

    __tablename__ = "request_confirmation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_confirmation_request",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_request_confirmation_user",
            ondelete="CASCADE",
        ),
    )

    request_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    release: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]
