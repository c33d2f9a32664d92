"""What contracts allow in any 30 days (domain/contract_quotas.py)."""

from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.domain.contract_quotas import LONGEST_MEASURE
from portal.models.volume import Millionths
from portal.tenancy import AccountOwned


class EditionQuota(Base):
    __tablename__ = "edition_quota"

    edition_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    measure: Mapped[str] = mapped_column(String(LONGEST_MEASURE), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Millionths)


class AccountQuota(AccountOwned, Base):
    """In the place of the edition's."""

    __tablename__ = "account_quota"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    measure: Mapped[str] = mapped_column(String(LONGEST_MEASURE), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Millionths)
