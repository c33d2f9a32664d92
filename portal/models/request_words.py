"""A vendor's own words about requests."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column


class StateLabel(Base):
    """What a vendor calls a state of a kind in a language. No rule reads it."""

    __tablename__ = "state_label"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    label: Mapped[str] = mapped_column(String(60))


class CannedReply(Base):
    """An answer that is given often, in each language that somebody has written."""

    __tablename__ = "canned_reply"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]


class CannedReplyText(Base):
    __tablename__ = "canned_reply_text"

    reply_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("canned_reply.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
