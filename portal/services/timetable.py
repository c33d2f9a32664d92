"""What happens at set times: each entry once per slot, over any number of workers."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import TimetableRun
from portal.services.jobs import enqueue
from portal.services.once import add_once
from portal.tenancy import scope_of


def fire(session: Session, name: str, slot: datetime, job: str) -> bool:
    """Queues the entry's job unless another worker has done so for this slot; commits.

    A slot that passed while no worker ran is not made up for, and the job of a slot is left out
    while that of an earlier one waits still.
    """
    mine = _takes(session, name, slot)
    if mine:
        enqueue(session, job, {}, unique_key=f"timetable:{name}", due_at=scope_of(session).now)
    session.commit()
    return mine


def _takes(session: Session, name: str, slot: datetime) -> bool:
    moved = session.execute(
        update(TimetableRun)
        .where(TimetableRun.name == name, TimetableRun.queued_at < slot)
        .values(queued_at=slot)
        .execution_options(synchronize_session=False)
        .returning(TimetableRun.name)
    ).first()
    if moved is not None:
        return True
    known = session.execute(select(TimetableRun.name).where(TimetableRun.name == name)).first()
    return known is None and add_once(session, TimetableRun(name=name, queued_at=slot), "name")
