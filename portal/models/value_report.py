from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.models.report_triggers import keep_frozen
from portal.tenancy import AccountOwned


class ValueReport(AccountOwned, Base):
    """One account, one period, one version. `first` and `last` are days of the account's zone,
    both included. `notes` are the success manager's words by locale. `snapshot` is the frozen
    JSON of `reports.model.Snapshot`; once `published_at` is set the row never changes: the
    database refuses it by trigger.
    """

    __tablename__ = "value_report"
    __table_args__ = (
        UniqueConstraint("account_id", "first", "last", "version"),
        CheckConstraint("last >= first", name="period"),
        CheckConstraint("published_at IS NULL OR snapshot IS NOT NULL", name="frozen"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    first: Mapped[date]
    last: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    notes: Mapped[dict[str, Any]]
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(String(254), default="")
    snapshot: Mapped[bytes | None] = mapped_column(LargeBinary)


# The class keeps its table typed as FromClause.
keep_frozen(Base.metadata.tables["value_report"])
