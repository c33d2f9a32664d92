from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.models.frozen_rows import keep_frozen


class LessonRevision(Base):
    """A lesson in one language as somebody saved it: kept, never changed. All but the lesson is as
    in KnowledgeRevision; `fields` are the front matter of its file (domain/course_file.py).
    """

    __tablename__ = "lesson_revision"
    __table_args__ = (UniqueConstraint("lesson_id", "locale", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lesson_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course_lesson.id", ondelete="CASCADE")
    )
    locale: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime]
    fields: Mapped[dict[str, Any]]
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    based_on: Mapped[int] = mapped_column(Integer, default=0)
    origin: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")


keep_frozen(cast("Table", LessonRevision.__table__))
