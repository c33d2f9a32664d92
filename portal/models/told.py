"""Daily usage that a vendor tells as sums, where its product sends no events."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.tenancy import AccountOwned

OPEN = text("NOT settled")


class UsageTold(AccountOwned, Base):
    """How often a person did something on a day of the account's zone, as it was told last. What of
    it is in the rollups already is `counted`; `settled` where nothing is left to do. A count of 0
    takes a day back: the row goes when the account's rollups have been made without it.
    """

    __tablename__ = "usage_told"
    __table_args__ = (
        Index("ix_usage_told_open", "account_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    duration_ms: Mapped[int] = mapped_column(BigInteger)
    counted: Mapped[int] = mapped_column(Integer, default=0)
    counted_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    settled: Mapped[bool] = mapped_column(default=False)
