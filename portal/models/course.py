"""What a course adds to its text of the knowledge hub: lessons and a quiz. The vendor's, not an
account's; who reads them is who reads the course's item.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class Course(Base):
    """Of an item of type course. `attempts` and `valid_months` 0: without limit.

    `revision` rises with each change of the quiz: an attempt that was begun on another one does
    not count. `digest` is the SHA-256 of its files when they were loaded last, "" where they never
    were. `changed_in` is the change number (KnowledgeChange) of the lessons' last change.
    """

    __tablename__ = "course"

    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE"), primary_key=True
    )
    pass_mark: Mapped[int] = mapped_column(default=80)
    attempts: Mapped[int] = mapped_column(default=3)
    valid_months: Mapped[int] = mapped_column(default=24)
    revision: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(String(64), default="")
    changed_in: Mapped[int] = mapped_column(BigInteger, default=0)
    updated_at: Mapped[datetime]


class CourseLesson(Base):
    """`position` from 1 on. Without a LessonText it is not read yet: it has a LessonDraft."""

    __tablename__ = "course_lesson"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="CASCADE")
    )
    slug: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    minutes: Mapped[int]


class LessonText(Base):
    """A lesson in one language, as it is read. `html` is made from `body` when it is saved.

    `revision` is the number of the LessonRevision that it shows; `source_revision` that of the
    course's source language which it was last known to agree with, 0 where it is the source itself
    or nobody knows.
    """

    __tablename__ = "lesson_text"
    __table_args__ = (UniqueConstraint("lesson_id", "locale"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lesson_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course_lesson.id", ondelete="CASCADE")
    )
    locale: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(300))
    chapter: Mapped[str] = mapped_column(String(300), default="")
    video: Mapped[str] = mapped_column(String(1000), default="")
    captions: Mapped[str] = mapped_column(String(1000), default="")
    file: Mapped[str] = mapped_column(String(1000), default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    source_revision: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]


class CourseQuestion(Base):
    """A question of the quiz, in all its languages.

    `options` is how many it has, `right` the letters that are right (domain/quizzes.py). `words`
    by locale: ask, options, answer, why.
    """

    __tablename__ = "course_question"
    __table_args__ = (
        UniqueConstraint("course_id", "key"),
        Index("ix_course_question_course_id_position", "course_id", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    options: Mapped[int]
    right: Mapped[list[str]]
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
