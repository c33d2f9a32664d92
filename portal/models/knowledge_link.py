from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class KnowledgeLink(Base):
    """Something that a published text points at and that is not as it should be.

    `lesson` is the slug of a course's lesson, "" for the text itself. `target` is the link, or the
    key of a feature. `trouble`: missing, withdrawn, narrower, anchor, feature, account, segment,
    unchecked (domain/link_check.py). `found_at`: when it was first found so.
    """

    __tablename__ = "knowledge_link"
    __table_args__ = (UniqueConstraint("item_id", "lesson", "locale", "target", "trouble"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE")
    )
    lesson: Mapped[str] = mapped_column(String(120), default="", server_default="")
    locale: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(500))
    trouble: Mapped[str] = mapped_column(String(16))
    found_at: Mapped[datetime]
