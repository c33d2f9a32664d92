from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, key_column
from portal.models.account import Account
from portal.tenancy import AccountShared


class User(AccountShared, Base):
    """Somebody who may sign in. Of one account (customer roles) or of the vendor (no account).

    `fs_uniquifier` changes when the password does, which ends what was signed with it.
    """

    __tablename__ = "portal_user"
    __table_args__ = (UniqueConstraint("account_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    locale: Mapped[str | None] = mapped_column(String(16))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    # Of those who look after accounts: new alerts and due tasks, once a day.
    daily_mail: Mapped[bool] = mapped_column(default=True)
    # Of champions: which feature waits and what teaches it, once a week.
    step_mail: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Whether single keys act on pages (WCAG 2.1.4).
    letter_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]

    account: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)


class UserSession(AccountShared, Base):
    """A signed-in browser. The cookie carries a secret of which only the SHA-256 is kept."""

    __tablename__ = "user_session"
    __table_args__ = (
        # The database itself refuses a session of one account for a person of another.
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            ondelete="CASCADE",
        ),
        Index("ix_user_session_user_id_ended_at", "user_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="CASCADE")
    )
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")


class Invitation(AccountShared, Base):
    """An invitation by mail; the link carries a secret of which only the SHA-256 is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
