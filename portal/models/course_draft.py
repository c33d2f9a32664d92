from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class CourseDraft(Base):
    """The working copy of what a course's languages share: the order of its lessons, the rules of
    its quiz and the questions. It goes the way of its course's working copies (KnowledgeWork) and
    is read as soon as any of them is published.

    `shape` as in services/training/course_shape.py. `based_on` is the digest of what was read when
    it was begun. `token` changes with each save.
    """

    __tablename__ = "course_draft"

    course_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("course.item_id", ondelete="CASCADE"), primary_key=True
    )
    shape: Mapped[dict[str, Any]]
    based_on: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(32))
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    saved_at: Mapped[datetime]
