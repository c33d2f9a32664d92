from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class LessonDraft(Base):
    """The working copy of a lesson in one language. It goes the way of its course's working copy in
    that language (KnowledgeWork): reviewed, scheduled and published with it.

    `minutes` is the same in all languages of the lesson, 0 where it is not said yet. `based_on` is
    the revision that is read and that it began from, 0 for none; `source_revision` as in
    LessonText. `token`, `origin` and `kept` as in KnowledgeDraft.
    """

    __tablename__ = "lesson_draft"
    __table_args__ = (UniqueConstraint("lesson_id", "locale"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lesson_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course_lesson.id", ondelete="CASCADE")
    )
    locale: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(300), default="")
    chapter: Mapped[str] = mapped_column(String(300), default="")
    minutes: Mapped[int] = mapped_column(Integer, default=0)
    video: Mapped[str] = mapped_column(String(1000), default="")
    captions: Mapped[str] = mapped_column(String(1000), default="")
    file: Mapped[str] = mapped_column(String(1000), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    token: Mapped[str] = mapped_column(String(32))
    based_on: Mapped[int] = mapped_column(Integer, default=0)
    source_revision: Mapped[int] = mapped_column(Integer, default=0)
    origin: Mapped[str] = mapped_column(String(12), default="web")
    kept: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    saved_at: Mapped[datetime]
