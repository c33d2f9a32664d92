from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


class RequestMessage(AccountOwned, Base):
    """What the customer or the vendor has written about a request; both read it.

    `mail_id` is the Message-ID of the mail that brought it, so that it comes in once.
    """

    __tablename__ = "request_message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_message_request",
            ondelete="CASCADE",
        ),
        Index("ix_request_message_request_id_at", "request_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    request_id: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    # Of somebody who cannot sign in.
    author_name: Mapped[str] = mapped_column(String(200), default="")
    # "vendor" or "customer".
    side: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(12), default="portal")
    body: Mapped[str] = mapped_column(Text)
    mail_id: Mapped[str | None] = mapped_column(String(300), unique=True)
    at: Mapped[datetime]


class InternalNote(AccountOwned, Base):
    """What the vendor's people write to each other about a request. A table of its own, which the
    session guard holds shut for everybody else.
    """

    __tablename__ = "internal_note"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_internal_note_request",
            ondelete="CASCADE",
        ),
        Index("ix_internal_note_request_id_at", "request_id", "at"),
        {"info": {"vendor_only": True}},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    request_id: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
