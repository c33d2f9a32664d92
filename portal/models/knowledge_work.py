"""What is being written: working copies beside what is published and read."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class KnowledgeWork(Base):
    """The work under way on an item: one row while any of its languages has a working copy.

    `state`: draft, review, scheduled. `fields` is what the languages share, as JSON. `token`
    changes with `fields`. `locales`: the languages that are in review or scheduled. `reason`: why
    it was sent back.
    """

    __tablename__ = "knowledge_work"

    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    fields: Mapped[dict[str, Any]]
    token: Mapped[str] = mapped_column(String(32))
    locales: Mapped[list[str]] = mapped_column(JSON, default=list)
    reviewer_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL"), index=True
    )
    asked_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    asked_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(2000), default="")
    changed_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    changed_at: Mapped[datetime]


class KnowledgeDraft(Base):
    """The working copy of an item in one language.

    `based_on` is the published revision that it began from, 0 for none; `source_revision` as in
    KnowledgeVersion. `origin`: web, restore, converted (by machine: not published before a person
    has saved it). `token` changes with each save.
    """

    __tablename__ = "knowledge_draft"
    __table_args__ = (UniqueConstraint("item_id", "locale"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE")
    )
    locale: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(String(600), default="")
    effect: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    token: Mapped[str] = mapped_column(String(32))
    based_on: Mapped[int] = mapped_column(Integer, default=0)
    source_revision: Mapped[int] = mapped_column(Integer, default=0)
    origin: Mapped[str] = mapped_column(String(12), default="web")
    # Whether a revision holds all that stands here.
    kept: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    saved_at: Mapped[datetime]
