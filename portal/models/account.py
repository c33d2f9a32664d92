import secrets
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.tenancy import AccountItself, AccountOwned


def new_revision() -> int:
    """Small enough that millions of them can be added up."""
    return secrets.randbits(40)


class Account(AccountItself, Base):
    """A customer of the vendor: the tenant."""

    __tablename__ = "account"

    key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    tier: Mapped[str] = mapped_column(String(16), default="standard")
    industry: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    # Whose public holidays it keeps (domain.early_warning.workdays); empty where nobody said.
    holidays: Mapped[str] = mapped_column(String(16), default="", server_default="")
    seats: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    arr: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    contract_start: Mapped[date | None]
    contract_end: Mapped[date | None]
    go_live: Mapped[date | None]
    # A value of domain.lifecycle.Stage, and the day since which it holds.
    stage: Mapped[str] = mapped_column(String(24), default="steady_use")
    stage_since: Mapped[date | None]
    # The group that the account is part of: its score is the mean of its children's.
    parent_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    # What the account has bought; `Entitlement` adds to it and takes from it.
    edition_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("edition.id", ondelete="SET NULL"), index=True
    )
    # "named", or "groups": persons are shown to the customer only in groups of at least five.
    people_shown: Mapped[str] = mapped_column(String(8), default="named")
    # Rises whenever the account's list of persons changes.
    people_version: Mapped[int] = mapped_column(default=0)
    # Another number whenever the row changes: equal sums over all accounts, equal accounts.
    revision: Mapped[int] = mapped_column(
        BigInteger, default=new_revision, onupdate=new_revision, server_default="0"
    )
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class AccountAssignment(AccountOwned, Base):
    """A CSM looks after an account. `lead` marks the one whom the customer sees."""

    __tablename__ = "account_assignment"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    lead: Mapped[bool] = mapped_column(default=True)
    # As an account's.
    revision: Mapped[int] = mapped_column(
        BigInteger, default=new_revision, onupdate=new_revision, server_default="0"
    )
