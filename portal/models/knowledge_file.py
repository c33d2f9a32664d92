"""Pictures in texts of the hub. What they hold lies in the file store, under the same key."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class KnowledgeFile(Base):
    """`stored_at` is the last time that somebody sent it: nothing that is new is swept away."""

    __tablename__ = "knowledge_file"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    stored_at: Mapped[datetime]
    bytes: Mapped[int]


class KnowledgeFileUse(Base):
    """A published text shows the picture: whoever may read the text may see it. The key has no
    constraint, as a text may be loaded before its pictures are.
    """

    __tablename__ = "knowledge_file_use"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    item_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("knowledge_item.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )
