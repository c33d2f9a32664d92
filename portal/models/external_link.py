from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class ExternalLink(Base):
    """An address on another host that published texts point at, and how it answered.

    `outcome` "" until it was asked (domain/external_links.py), `status` of HTTP. `since`: when the
    outcome became what it is; `good_at`: when it answered well for the last time. `asked_at`: when
    it was asked last, which spaces the questions to a host; `due_at`: not before then again.
    """

    __tablename__ = "external_link"
    __table_args__ = (
        Index("ix_external_link_due_at", "due_at"),
        Index("ix_external_link_host_asked_at", "host", "asked_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    host: Mapped[str] = mapped_column(String(260))
    outcome: Mapped[str] = mapped_column(String(16), default="")
    status: Mapped[int | None]
    since: Mapped[datetime | None]
    good_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
