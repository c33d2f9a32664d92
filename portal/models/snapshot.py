from datetime import date

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.tenancy import AccountOwned


class AccountSnapshot(AccountOwned, Base):
    """An account's figures for lists of many, as of the end of `day`. They hold as long as the
    account's `people_version` is this one and no later fold than `version` changed an ended day.
    """

    __tablename__ = "account_snapshot"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]
    version: Mapped[int] = mapped_column(BigInteger)
    people_version: Mapped[int]
    provisioned: Mapped[int]
    mau: Mapped[int]
    # Of these, those who are provisioned.
    mau_provisioned: Mapped[int]
    mau_before: Mapped[int]
    # Persons active in each of the last twelve weeks, as numbers of four bytes.
    weeks: Mapped[bytes] = mapped_column(LargeBinary)
