from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountShared


class Notice(AccountShared, Base):
    """Something that a person is told: under the bell, and by mail as they wish.

    `kind` is a value of domain.notices; `values` is what its sentence needs, of what the person
    could read when it was written. `idempotency_key` is one for each event and person.
    """

    __tablename__ = "notice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_notice_reader",
            ondelete="CASCADE",
        ),
        Index("ix_notice_user_id_read_at", "user_id", "read_at", "id"),
        Index("ix_notice_mail_mailed_at", "mail", "mailed_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    idempotency_key: Mapped[str] = mapped_column(String(200), unique=True)
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(24))
    # The path of the page that it leads to.
    path: Mapped[str] = mapped_column(String(300))
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # "now", "digest" or "" (under the bell alone).
    mail: Mapped[str] = mapped_column(String(8), default="")
    mailed_at: Mapped[datetime | None]


class NoticeChoice(AccountShared, Base):
    """How somebody wants to be told of a kind: "now", "digest", "bell" or "off"."""

    __tablename__ = "notice_choice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_notice_choice_reader",
            ondelete="CASCADE",
        ),
    )

    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    way: Mapped[str] = mapped_column(String(8))


class FeedToken(AccountShared, Base):
    """The secret in an address of somebody's feed; only its SHA-256 is kept. `feed`: "roadmap".
    `name`: where they use it, in their words. `used_at` is within an hour.
    """

    __tablename__ = "feed_token"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_feed_token_reader",
            ondelete="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="CASCADE"), index=True
    )
    feed: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
