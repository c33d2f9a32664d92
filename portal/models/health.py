"""Health scores, the models that they are made by, and what became of subscriptions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.models.account import new_revision
from portal.tenancy import AccountOwned


class HealthModel(Base):
    """Weights and bands per segment. Without `activated_at` a draft, of which there is at most
    one; an active one never changes: the next takes its place.

    `weights`: segment ("" for any other) → component → weight. `bands`: segment → [green, yellow].
    """

    __tablename__ = "health_model"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    weights: Mapped[dict[str, Any]]
    bands: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    activated_at: Mapped[datetime | None]
    activated_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )


class HealthDay(AccountOwned, Base):
    """An account's score on a day of its own zone. `model_id` None: the built-in model.

    `values`: component → 0 to 100, of what was known. `signals`: what they were made of. `own`:
    of a group its own values, the shares of its components and the seats that it stands for.
    `version` is that of the usage and the business volume that it was made of.
    """

    __tablename__ = "health_day"
    __table_args__ = (Index("ix_health_day_day", "day"),)

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    model_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("health_model.id", ondelete="RESTRICT")
    )
    segment: Mapped[str] = mapped_column(String(40))
    score: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(8), default="")
    values: Mapped[dict[str, Any]]
    signals: Mapped[dict[str, Any]]
    own: Mapped[dict[str, Any]]
    members: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(BigInteger)


class HealthNewest(AccountOwned, Base):
    """An account's newest HealthDay, for lists of many. `before`: the score a week earlier."""

    __tablename__ = "health_newest"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]
    score: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(8), default="")
    before: Mapped[int | None]
    # Another number whenever the row is written: equal sums, equal rows.
    revision: Mapped[int] = mapped_column(BigInteger, default=new_revision, server_default="0")


class HealthOverride(AccountOwned, Base):
    """A person's word against the score's band, up to and including `until`."""

    __tablename__ = "health_override"
    __table_args__ = (UniqueConstraint("account_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    band: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(1000))
    until: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )


class RenewalOutcome(AccountOwned, Base):
    """What became of a contract that was due on `day`: renewed, shrank or left."""

    __tablename__ = "renewal_outcome"
    __table_args__ = (UniqueConstraint("account_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    day: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(8))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    currency: Mapped[str | None] = mapped_column(String(3))
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
