"""Signs of life of worker processes, for `paceline doctor`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.models import WorkerBeat
from portal.tenancy import scope_of

SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class WorkerView:
    name: str
    started_at: datetime
    seen_at: datetime


def beat(session: Session, name: str) -> None:
    """Says that the worker lives; commits."""
    now = scope_of(session).now
    seen = session.execute(
        update(WorkerBeat)
        .where(WorkerBeat.name == name)
        .values(seen_at=now)
        .returning(WorkerBeat.name)
        .execution_options(synchronize_session=False)
    ).first()
    if seen is None:
        session.add(WorkerBeat(name=name, started_at=now, seen_at=now))
    session.commit()


def leave(session: Session, name: str) -> None:
    """For a worker that stops in order; commits."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.name == name))
    session.commit()


def living_workers(session: Session) -> list[WorkerView]:
    """Those heard of within the last minute, the oldest first."""
    since = scope_of(session).now - SILENT_AFTER
    rows = (
        select(WorkerBeat.name, WorkerBeat.started_at, WorkerBeat.seen_at)
        .where(WorkerBeat.seen_at >= since)
        .order_by(WorkerBeat.started_at, WorkerBeat.name)
    )
    return [WorkerView(*row) for row in session.execute(rows)]
