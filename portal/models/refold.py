from datetime import datetime

from sqlalchemy import JSON, BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class UsageRefold(Base):
    """History counted again by new conditions: `rules` are the ids of these, `remaining` those of
    the accounts that are still to be done, of `total`. Of the log's `messages` so many were read
    by the process that last read it; 0 of 0 before.
    """

    __tablename__ = "usage_refold"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    rules: Mapped[list[int]] = mapped_column(JSON)
    remaining: Mapped[list[int]] = mapped_column(JSON)
    total: Mapped[int]
    messages: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    messages_read: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
