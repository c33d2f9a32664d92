from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.models.audit_triggers import keep_append_only
from portal.tenancy import AccountShared


class AuditEntry(AccountShared, Base):
    """Who did what to what, when, from where, on whose behalf. Append-only: the database itself
    refuses UPDATE and DELETE by trigger.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_at_id", "at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # No foreign key: the log outlives the account, and a cascade would be refused by the trigger.
    account_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(254), default="")
    user_id: Mapped[int | None]
    on_behalf_of: Mapped[str | None] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(80))
    object_type: Mapped[str] = mapped_column(String(40), default="")
    object_key: Mapped[str] = mapped_column(String(200), default="")
    origin: Mapped[str] = mapped_column(String(120), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")
    details: Mapped[dict[str, Any]]


keep_append_only(cast("Table", AuditEntry.__table__))
