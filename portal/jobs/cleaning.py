from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.cleaning import clean_up
from portal.services.file_store import FileStore
from portal.services.knowledge_files import sweep_files
from portal.services.person_data import CHECKPOINT_JOB

log = structlog.get_logger(__name__)


@job("house.clean", attempts=3)
def clean(context: Context, _payload: dict[str, Any]) -> None:
    """Hourly; what it throws away stands in the service."""
    with context.session(writes=True) as session:
        gone = clean_up(session)
    log.info("cleaned", **gone)


@job(CHECKPOINT_JOB)
def empty_log(context: Context, _payload: dict[str, Any]) -> None:
    """After a person was erased; it comes back until nobody reads what was there before."""
    if not context.database.checkpoint():
        raise RuntimeError("somebody reads what was there before: the log cannot be emptied yet")


@job("knowledge.sweep-files", attempts=3)
def sweep(context: Context, _payload: dict[str, Any]) -> None:
    """Nightly: pictures that no text shows."""
    with context.session(writes=True) as session:
        gone = sweep_files(session, FileStore(context.settings.files))
    log.info("swept", files=gone)
