from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.tenancy import AccountOwned


class RequestWord(AccountOwned, Base):
    """A word of a request, as the search analyses it: what similar ones are found by."""

    __tablename__ = "request_word"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_word_request",
            ondelete="CASCADE",
        ),
        Index("ix_request_word_word", "word", "account_id"),
    )

    request_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    count: Mapped[int]


class SharedRequestWord(Base):
    """A word of a shared request in any of its languages."""

    __tablename__ = "shared_request_word"

    shared_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("shared_request.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    count: Mapped[int]
