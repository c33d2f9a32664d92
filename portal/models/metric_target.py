from datetime import date, datetime

from sqlalchemy import BigInteger, Float, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


class MetricTarget(AccountOwned, Base):
    """What a figure of an account shall be on the day `due`; one for each figure. `start` is
    what it was on the day `set_on`. `metric` is one of domain.account_metrics.
    """

    __tablename__ = "metric_target"
    __table_args__ = (UniqueConstraint("account_id", "metric"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE")
    )
    metric: Mapped[str] = mapped_column(String(100))
    goal: Mapped[float] = mapped_column(Float)
    due: Mapped[date]
    start: Mapped[float | None] = mapped_column(Float)
    set_on: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    changed_at: Mapped[datetime]
