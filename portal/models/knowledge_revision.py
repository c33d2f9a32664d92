"""What was ever written: kept, never changed."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.models.frozen_rows import keep_frozen


class KnowledgeRevision(Base):
    """An item in one language as somebody saved it.

    `number` counts from 1 within the item and language. `fields` is all that stands in a file's
    front matter, as JSON (domain/content_file.py). `based_on` is the number of the published
    revision that it began from, 0 for none. `origin`: web, file, restore, converted.
    """

    __tablename__ = "knowledge_revision"
    __table_args__ = (UniqueConstraint("item_id", "locale", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE")
    )
    locale: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    # As in the audit log: no constraint, and the name that they had.
    author_id: Mapped[int | None] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime]
    fields: Mapped[dict[str, Any]]
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    based_on: Mapped[int] = mapped_column(Integer, default=0)
    origin: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")


keep_frozen(cast("Table", KnowledgeRevision.__table__))
