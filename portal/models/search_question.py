"""What is asked of the search: counted by day, and by no person."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountShared


class SearchQuestion(AccountShared, Base):
    """How often a question was asked on a day (UTC) in a language, from an account or, without
    one, by the vendor's people ("vendor"), visitors ("visitor") or a machine ("api"): `side`.

    `question` is as it was typed last, `folded` its search form. `empty`: so often nothing was
    found; `opened`: so often something that was found was opened.
    """

    __tablename__ = "search_question"
    __table_args__ = (
        Index("ix_search_question_folded_locale_day", "folded", "locale", "day"),
        Index("ix_search_question_day", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    day: Mapped[date]
    locale: Mapped[str] = mapped_column(String(16))
    side: Mapped[str] = mapped_column(String(8))
    question: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    asked: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)


class SearchGap(Base):
    """What became of a question without a good answer: `state` is drafted, requested,
    answered or ignored; one that nobody has dealt with has no row. `slug` is the text that answers
    it, or will; of a requested one the key of the shared request.
    """

    __tablename__ = "search_gap"
    __table_args__ = (UniqueConstraint("folded", "locale"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    folded: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    slug: Mapped[str] = mapped_column(String(120), default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
