from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountShared


class SharedRequest(Base):
    """A request of all customers: the vendor's own row, in product's own words.

    Requests of accounts belong to its family (Request.shared_id) and move with it. It holds nothing
    of theirs but totals: `people` (distinct voters) and `accounts` over the family, kept in the
    transaction of each vote. Customers read it once `published_at` is set and it stands for itself
    (`merged_into_id` empty).
    """

    __tablename__ = "shared_request"
    __table_args__ = (Index("ix_shared_request_state_published_at", "state", "published_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(16), default="submitted")
    feature_key: Mapped[str] = mapped_column(String(120), default="")
    # When it is meant to come: the last day of it, and how exactly that is said (quarter, month).
    target_on: Mapped[date | None]
    target_unit: Mapped[str] = mapped_column(String(8), default="")
    people: Mapped[int] = mapped_column(default=0)
    accounts: Mapped[int] = mapped_column(default=0)
    release: Mapped[int] = mapped_column(default=0)
    release_note: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(2000), default="")
    merged_into_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("shared_request.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    # Its last step, or when customers began to read it: what is told to all of them as news.
    moved_at: Mapped[datetime | None] = mapped_column(index=True)


class SharedRequestText(Base):
    """What customers read of it, in one language."""

    __tablename__ = "shared_request_text"

    shared_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("shared_request.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text, default="")


class RequestMerge(AccountShared, Base):
    """A link that was made, so that it can be undone exactly.

    `kind`: "request" (into another of the account), "family" (a request into a shared one) or
    "shared" (a shared one into another, without account). `before` is what stood there: the state
    of the request, or those of all that belonged to the shared one, by their ids.
    """

    __tablename__ = "request_merge"
    __table_args__ = (
        Index("ix_request_merge_kind_from_id", "kind", "from_id"),
        {"info": {"vendor_only": True}},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    kind: Mapped[str] = mapped_column(String(8))
    from_id: Mapped[int] = mapped_column(BigInteger)
    into_id: Mapped[int] = mapped_column(BigInteger, index=True)
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    undone_at: Mapped[datetime | None]
