from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.tenancy import AccountOwned


class Feature(Base):
    """A feature of the vendor's product, used through events of one name."""

    __tablename__ = "feature"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    event: Mapped[str] = mapped_column(String(200), unique=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    module: Mapped[str] = mapped_column(String(120), default="")
    core: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(16), default="record")
    depth_target_per_week: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    position: Mapped[int] = mapped_column(default=0)


class Entitlement(AccountOwned, Base):
    """The account's contract includes the feature."""

    __tablename__ = "entitlement"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    feature_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("feature.id", ondelete="CASCADE"), primary_key=True, index=True
    )
