from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountShared


class Job(AccountShared, Base):
    """Work to be done after commit, by name and payload.

    States: waiting → leased → (gone when done) | dead. `work_key` names the work where two of
    the same would be one too many. `unique_key` holds it: the work's own name while the job
    waits, nothing while it is leased, and one of its own when it is dead, so that at most one
    of the kind waits and at most one is in the dead-letter list.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    work_key: Mapped[str | None] = mapped_column(String(190))
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(Text)


class OutboxMessage(AccountShared, Base):
    """An effect that a change asks for, written in the change's own transaction.

    `idempotency_key` is unique for good: the same effect asked for twice happens once. The
    payload is emptied when the message is sent, as it may hold the secret of a link.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_sent_at_id", "sent_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    idempotency_key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class TimetableRun(Base):
    """When an entry of the timetable was last queued: the beginning of its slot."""

    __tablename__ = "timetable_run"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    queued_at: Mapped[datetime]


class WorkerBeat(Base):
    """A sign of life of a worker process. `name` is host, process and a random word."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
