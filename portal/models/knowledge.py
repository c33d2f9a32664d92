"""The knowledge hub. Its texts are the vendor's, not an account's: who reads them is a matter of
tokens (domain/audience.py), which every statement of services/knowledge.py asks for.
"""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class KnowledgeItem(Base):
    """A text in all its languages. `state`: draft, published, archived.

    `changed_in` is the change number of its last change; `guarded_in` that of its last change of
    state, audience or set of languages: an index older than that may not speak of the item.
    """

    __tablename__ = "knowledge_item"
    __table_args__ = (Index("ix_knowledge_item_state_type", "state", "type"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    type: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    # public, customers, vendor, accounts, segments; the last two with keys in the author's order.
    audience: Mapped[str] = mapped_column(String(12))
    audience_accounts: Mapped[list[str]]
    audience_segments: Mapped[list[str]] = mapped_column(default=list)
    review_by: Mapped[date]
    published_on: Mapped[date]
    consent_on: Mapped[date | None]
    minutes: Mapped[int]
    changed_in: Mapped[int] = mapped_column(BigInteger)
    guarded_in: Mapped[int] = mapped_column(BigInteger, index=True)
    created_at: Mapped[datetime]
    # The language that the others are translated from.
    source_locale: Mapped[str] = mapped_column(String(16), default="en")
    # portal_user.id of whoever is asked to look at it again; a number without a constraint.
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    # The day of review that they have been reminded of.
    reminded_for: Mapped[date | None]
    # Of customer cases: others may be shown it as the one to match.
    benchmark: Mapped[bool] = mapped_column(default=False)
    # Of events: open-class, customer-voice, launch, salon; moments, and the zone they are told in.
    event_kind: Mapped[str] = mapped_column(String(20), default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(64), default="")
    link: Mapped[str] = mapped_column(String(500), default="")


class KnowledgeAudience(Base):
    """A token of those who may read the item. An item without one is read by nobody."""

    __tablename__ = "knowledge_audience"

    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE"), primary_key=True
    )
    token: Mapped[str] = mapped_column(String(140), primary_key=True, index=True)


class KnowledgeFeature(Base):
    """The item teaches a feature; by its key, as texts may be loaded before the catalogue is.
    Position 0 is the main one.
    """

    __tablename__ = "knowledge_feature"

    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE"), primary_key=True
    )
    feature_key: Mapped[str] = mapped_column(String(120), primary_key=True, index=True)
    position: Mapped[int]


class KnowledgeVersion(Base):
    """An item in one language, as it is published.

    `revision` is the number of the KnowledgeRevision that it shows. `source_revision` is that of
    the item's source language which it was last known to agree with, 0 where it is the source
    itself. `loaded_digest` is the digest of the file that was last loaded, empty where none was.

    `body` is the author's Markdown. `html`, `text`, `outline` and `comparison` are made from it
    when it is saved (domain/markdown_text.py). `digest` is the SHA-256 of what was saved.
    """

    __tablename__ = "knowledge_version"
    __table_args__ = (UniqueConstraint("item_id", "locale"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE")
    )
    locale: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(600))
    effect: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    outline: Mapped[list[list[str]]] = mapped_column(JSON)
    comparison: Mapped[list[list[str]]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    source_revision: Mapped[int] = mapped_column(Integer, default=0)
    loaded_digest: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]


class KnowledgeChange(Base):
    """One row, id 1. Whoever changes the hub raises `number` in the same transaction.

    `for_segments`: some text is or was for segments, so it matters which one a reader is in.
    """

    __tablename__ = "knowledge_change"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, default=1)
    number: Mapped[int] = mapped_column(BigInteger, default=0)
    for_segments: Mapped[bool] = mapped_column(default=False)
