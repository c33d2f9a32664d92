"""What the vendor teaches the search."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column


class SearchWord(Base):
    """A group of words that mean the same (`kind` synonym), one that tells nothing (stop), or a
    built-in one of those that does tell something (lift). `words` stand in the order in which they
    were given; `folded` is their search form, sorted, one a line, and tells groups apart.
    """

    __tablename__ = "search_word"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    kind: Mapped[str] = mapped_column(String(8))
    words: Mapped[list[str]]
    folded: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(254), default="")
