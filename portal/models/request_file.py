from datetime import datetime

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


class RequestFile(AccountOwned, Base):
    """A file that somebody has attached, as it is kept: pictures are made anew.

    Without a request it belongs to its author's draft. `stored` names it in the file store.
    `verdict`: "clean", "refused" or "" (no scanner has looked).
    """

    __tablename__ = "request_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_file_request",
            ondelete="CASCADE",
        ),
        Index("ix_request_file_request_id", "request_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("request_message.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    stored: Mapped[str] = mapped_column(String(120))
    verdict: Mapped[str] = mapped_column(String(8), default="")
    at: Mapped[datetime]


class RequestDraft(AccountOwned, Base):
    """What somebody has typed and not handed in yet; one for each of their kinds."""

    __tablename__ = "request_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "kind"),
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_request_draft_user",
            ondelete="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(12))
    typed: Mapped[dict[str, str]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
