from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    column,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned

_GOING_ON = column("over_on").is_(None)


class AlertRule(Base):
    """What the vendor has set for a rule of domain.early_warning, for the accounts of a segment
    or a lifecycle stage (both empty: of any). Where there is no row the usual setting counts.
    """

    __tablename__ = "alert_rule"
    __table_args__ = (UniqueConstraint("rule", "segment", "stage"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    rule: Mapped[str] = mapped_column(String(24))
    segment: Mapped[str] = mapped_column(String(40), default="")
    stage: Mapped[str] = mapped_column(String(24), default="")
    on: Mapped[bool]
    parameters: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )


class Alert(AccountOwned, Base):
    """An episode of a rule in an account. Days are the account's own.

    Open until `closed_on`, by itself (`closed_by` empty) or by hand with its reason; snoozed
    before `snoozed_until`. The episode itself goes on until `over_on`, and so long the rule does
    not fire again. `reference` is the level that was lost. Evidence is domain's, as JSON: of the
    opening, and the latest.
    """

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        Index(
            "uq_alert_account_id_rule_going_on",
            "account_id",
            "rule",
            unique=True,
            sqlite_where=_GOING_ON,
            postgresql_where=_GOING_ON,
        ),
        Index("ix_alert_closed_on", "closed_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    rule: Mapped[str] = mapped_column(String(24))
    gravity: Mapped[str] = mapped_column(String(8))
    opened_on: Mapped[date]
    last_seen_on: Mapped[date]
    closed_on: Mapped[date | None]
    over_on: Mapped[date | None]
    created_at: Mapped[datetime]
    reference: Mapped[float] = mapped_column(Double)
    opening: Mapped[dict[str, Any]]
    latest: Mapped[dict[str, Any]]
    snoozed_until: Mapped[date | None]
    snoozed_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    snooze_reason: Mapped[str] = mapped_column(String(500), default="")
    closed_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    # One of services.alerts.Ended, empty while it is open.
    ended: Mapped[str] = mapped_column(String(12), default="")
    close_reason: Mapped[str] = mapped_column(String(500), default="")


class AlertWatch(AccountOwned, Base):
    """How far an account's series have been looked at: every day up to `evaluated_to`, when its
    days up to then held `events` events and its usage had `version`.
    """

    __tablename__ = "alert_watch"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    evaluated_to: Mapped[date]
    events: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(BigInteger)


class AlertReplay(Base):
    """What a setting would have raised in the past: asked by an administrator, answered by a
    job. `raised`: [account id, first day, last day or null], each day as ISO text.
    """

    __tablename__ = "alert_replay"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    rule: Mapped[str] = mapped_column(String(24))
    segment: Mapped[str] = mapped_column(String(40), default="")
    stage: Mapped[str] = mapped_column(String(24), default="")
    parameters: Mapped[dict[str, Any]]
    days: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    answered_at: Mapped[datetime | None]
    # The last day of the replay, and the accounts that the setting counts for.
    last_day: Mapped[date | None]
    accounts: Mapped[int] = mapped_column(default=0)
    raised: Mapped[dict[str, Any]]
