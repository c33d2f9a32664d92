from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


class Feature(Base):
    """A feature of the vendor's product. `activation`: who uses it for the first time is
    activated by it. An archived one takes part in no figure; nothing of it is lost.
    """

    __tablename__ = "feature"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    module: Mapped[str] = mapped_column(String(120), default="")
    core: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(16), default="record")
    depth_target_per_week: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    activation: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]
    rules: Mapped[list["EventRule"]] = relationship(
        lazy="raise", cascade="save-update, merge", passive_deletes="all"
    )


class EventRule(Base):
    """Events that belong to a feature (domain/event_rules.py), or to none: then they are ignored.

    `member` is the property that is held against `value` as `operator` says; empty where none is
    asked for. `ready`:
    history is counted by its condition; always so where it has none.
    """

    __tablename__ = "event_rule"
    # Counted names tell rules by their numbers, so a deleted one's must not come back.
    __table_args__ = (
        UniqueConstraint("pattern", "member", "operator", "value"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    feature_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("feature.id", ondelete="CASCADE"), index=True
    )
    pattern: Mapped[str] = mapped_column(String(200))
    member: Mapped[str] = mapped_column(String(120), default="")
    value: Mapped[str] = mapped_column(String(120), default="")
    operator: Mapped[str] = mapped_column(String(2), default="=", server_default="=")
    ready: Mapped[bool] = mapped_column(default=True)


class CatalogueState(Base):
    """One row, id 1: `version` rises with every change that figures may follow from."""

    __tablename__ = "catalogue_state"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class Edition(Base):
    """A set of features that the vendor sells under one name."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)


class EditionFeature(Base):
    __tablename__ = "edition_feature"

    edition_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    feature_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("feature.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Entitlement(AccountOwned, Base):
    """What an account's contract says beside its edition: a feature more, or (`included` false)
    one less.
    """

    __tablename__ = "entitlement"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    feature_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("feature.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    included: Mapped[bool] = mapped_column(default=True)
