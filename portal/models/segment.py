from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class Segment(Base):
    """A group of accounts by rule. Each list names what fits; an empty one fits everything. An
    account is in the first segment, by `position`, that it fits.
    """

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(120))
    name_zh: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(default=0)
    tiers: Mapped[list[str]]
    industries: Mapped[list[str]]
    regions: Mapped[list[str]]
    stages: Mapped[list[str]]
