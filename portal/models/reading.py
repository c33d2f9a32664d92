"""What readers make of the texts of the hub. A customer's rows are their account's; people of the
vendor and visitors are not counted.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.tenancy import AccountOwned


def _of_a_person() -> ForeignKeyConstraint:
    """The database itself refuses a row of one account for a person of another."""
    return ForeignKeyConstraint(
        ["account_id", "user_id"],
        ["portal_user.account_id", "portal_user.id"],
        ondelete="CASCADE",
    )


class KnowledgeReading(AccountOwned, Base):
    """A person has had a text on the screen for a while. `times` counts visits at least half an
    hour apart.
    """

    __tablename__ = "knowledge_reading"
    __table_args__ = (_of_a_person(),)

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    locale: Mapped[str] = mapped_column(String(16))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    times: Mapped[int] = mapped_column(Integer, default=1)


class KnowledgeVerdict(AccountOwned, Base):
    """A person's answer to "did this help?"; the newest counts. `reason` (domain/readings.py) and
    `words` are empty where it did.
    """

    __tablename__ = "knowledge_verdict"
    __table_args__ = (_of_a_person(),)

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("knowledge_item.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    locale: Mapped[str] = mapped_column(String(16))
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(16), default="")
    words: Mapped[str] = mapped_column(String(1000), default="")
    given_at: Mapped[datetime] = mapped_column(index=True)
