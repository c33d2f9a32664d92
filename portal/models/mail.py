from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountShared


class Mail(AccountShared, Base):
    """A mail as it left, or as it waits to be read here where no SMTP server is set.

    `calendar` is what it carries for the reader's calendar (iCalendar with its method), or empty.
    `attempted_at` is written before the talk with the SMTP server and `sent_at` after it, so a
    row with the first alone may have reached its reader already.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    idempotency_key: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text, default="", server_default="")
    # What it answers to, so that mail programs show one thread; and where one click ends such mails
    # (RFC 8058). Empty where it has none.
    thread: Mapped[str] = mapped_column(String(200), default="", server_default="")
    unsubscribe: Mapped[str] = mapped_column(String(500), default="", server_default="")
    # Where an answer goes; empty where nobody reads one.
    reply_to: Mapped[str] = mapped_column(String(254), default="", server_default="")
    locale: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
