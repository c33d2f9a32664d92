from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


class Task(AccountOwned, Base):
    """Something that a person of the vendor is to do for an account.

    Made by an alert (`title` is empty, the alert's rule says it) or by hand. Open until
    `done_at`; snoozed before `snoozed_until`. `touched_at`: when a person last changed it; one
    that nobody has touched ends with its alert (`dropped`).
    """

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "alert_id"],
            ["alert.account_id", "alert.id"],
            name="fk_task_alert",
            ondelete="CASCADE",
        ),
        Index("ix_task_owner_id_done_at", "owner_id", "done_at"),
        Index("ix_task_alert_id", "alert_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    alert_id: Mapped[int | None] = mapped_column(BigInteger)
    # A value of domain.tasks.TaskKind.
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(4000), default="")
    owner_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    due_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    touched_at: Mapped[datetime | None]
    snoozed_until: Mapped[date | None]
    snooze_reason: Mapped[str] = mapped_column(String(500), default="")
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    # It ended with its alert, undone.
    dropped: Mapped[bool] = mapped_column(default=False)
