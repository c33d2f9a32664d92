"""Business volume: numeric series that the vendor pushes, item by item, summed per local day."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from portal.db import Base, BigId
from portal.domain.volumes import DECIMALS
from portal.tenancy import AccountOwned


class Millionths(TypeDecorator[Decimal]):
    """A decimal of six places, kept as a whole number, so that sums are exact in both databases."""

    impl = BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        del dialect
        return None if value is None else int(value.scaleb(DECIMALS))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        del dialect
        return None if value is None else Decimal(value).scaleb(-DECIMALS)


class VolumeSeries(AccountOwned, Base):
    """A series of an account, such as orders. `revision` rises with every push that adds to it,
    `ended_revision` with those that add to a day that was over by then.
    """

    __tablename__ = "volume_series"
    __table_args__ = (UniqueConstraint("account_id", "key"), UniqueConstraint("account_id", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    name_zh: Mapped[str] = mapped_column(String(120), default="")
    unit: Mapped[str] = mapped_column(String(24), default="")
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    ended_revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class VolumeItem(AccountOwned, Base):
    """What was pushed, once for each `item_id` of the account."""

    __tablename__ = "volume_item"
    __table_args__ = (
        UniqueConstraint("account_id", "item_id"),
        ForeignKeyConstraint(
            ["account_id", "series_id"],
            ["volume_series.account_id", "volume_series.id"],
            ondelete="CASCADE",
        ),
        Index("ix_volume_item_account_id_day", "account_id", "day", "item_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    series_id: Mapped[int] = mapped_column(BigInteger)
    item_id: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Millionths)
    received_at: Mapped[datetime]


class VolumeDay(AccountOwned, Base):
    """The sum of a series' items on a day of the account's zone."""

    __tablename__ = "volume_day"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "series_id"],
            ["volume_series.account_id", "volume_series.id"],
            ondelete="CASCADE",
        ),
    )

    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    series_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    total: Mapped[Decimal] = mapped_column(Millionths)
