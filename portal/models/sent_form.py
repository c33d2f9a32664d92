from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SentForm(Base):
    """A form that made something: `key` is the hash of its one-time value and of all that was
    typed, `answer` the address that followed, empty until the answer is on its way.
    """

    __tablename__ = "sent_form"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    sent_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(2000), default="", server_default="")
