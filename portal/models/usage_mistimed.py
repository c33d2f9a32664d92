from datetime import date, datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class UsageMistimed(Base):
    """Messages that came on a UTC day with a time that cannot be, by the account that they name
    ("": none, or one of too many) and the key that sent them (0: a file). `first_day` and
    `last_day` are what they say, in UTC. They are not kept, but for the last as a sample.
    """

    __tablename__ = "usage_mistimed"

    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    messages: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime]
    first_day: Mapped[date]
    last_day: Mapped[date]
    sample: Mapped[str] = mapped_column(String(300))
