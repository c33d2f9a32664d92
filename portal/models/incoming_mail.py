from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class IncomingMail(Base):
    """A mail that came in, and what became of it. Its words are not kept here.

    `digest`: SHA-256 of its Message-ID, or of all of it where it has none, so that it is taken
    once. `outcome` is a value of services.requests.mail_in.Outcome. Kept for 30 days.
    """

    __tablename__ = "incoming_mail"
    __table_args__ = (Index("ix_incoming_mail_sender_at", "sender", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(254), default="")
    outcome: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(index=True)
