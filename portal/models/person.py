from datetime import date

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.tenancy import AccountOwned


class Person(AccountOwned, Base):
    """A provisioned end user of the vendor's product.

    Provisioned from `active_from` up to and including the day before `active_until`; both are
    days in the account's zone.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        UniqueConstraint("account_id", "id"),
        Index("ix_person_account_id_team", "account_id", "team"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    team: Mapped[str] = mapped_column(String(120), default="")
    decision_role: Mapped[str] = mapped_column(String(40), default="")
    active_from: Mapped[date]
    active_until: Mapped[date | None]
