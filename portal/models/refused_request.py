from datetime import date, datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class RefusedRequest(Base):
    """Requests with usage that were refused whole, of a UTC day, by door, reason and sender.

    `key_id` is the key that they showed (0: none that was ever made here; a system table, so not a
    key to the key). `hint`: the last four characters of what an unknown sender showed, never more.
    Kept for 90 days.
    """

    __tablename__ = "refused_request"

    day: Mapped[date] = mapped_column(primary_key=True)
    door: Mapped[str] = mapped_column(String(8), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hint: Mapped[str] = mapped_column(String(4), primary_key=True)
    requests: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime]
    # What the last of them called itself.
    agent: Mapped[str] = mapped_column(String(120))
