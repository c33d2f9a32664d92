from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.tenancy import AccountOwned

_CURRENT = text("current")


class RequestJudgement(AccountOwned, Base):
    """How the vendor has judged a change that a customer asks for (domain.request_judging). A table
    of its own, which the session guard holds shut for everybody else.

    A row is never changed but for `current`, which the newest of a request has: the others are its
    history. `outcome` is what the answers came to when they were given.
    """

    __tablename__ = "request_judgement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_judgement_request",
            ondelete="CASCADE",
        ),
        Index("ix_request_judgement_request_id_at", "request_id", "at"),
        Index(
            "ix_request_judgement_current",
            "request_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        {"info": {"vendor_only": True}},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(BigInteger)
    # Values of domain.request_judging: Core, AskedBy, Urgency, Effort, Risk.
    core: Mapped[str] = mapped_column(String(12))
    asker: Mapped[str] = mapped_column(String(12))
    urgency: Mapped[str] = mapped_column(String(12))
    effort: Mapped[str] = mapped_column(String(12))
    risk: Mapped[str] = mapped_column(String(12))
    core_remark: Mapped[str] = mapped_column(String(500), default="")
    asker_remark: Mapped[str] = mapped_column(String(500), default="")
    urgency_remark: Mapped[str] = mapped_column(String(500), default="")
    effort_remark: Mapped[str] = mapped_column(String(500), default="")
    risk_remark: Mapped[str] = mapped_column(String(500), default="")
    outcome: Mapped[str] = mapped_column(String(12))
    current: Mapped[bool]
    by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    at: Mapped[datetime]
