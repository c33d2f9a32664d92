from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.requests import rewinding
from portal.services.requests.due import BATCH, announce_due
from portal.services.requests.levels import REWIND

log = structlog.get_logger(__name__)


@job("requests.warn", attempts=3)
def warn(context: Context, _payload: dict[str, Any]) -> None:
    """Every five minutes: what is due soon or overdue is announced, once for each due moment."""
    told = BATCH
    while told == BATCH:
        with context.session(writes=True) as session:
            told = announce_due(session)
        if told:
            log.info("requests are due", requests=told)


@job(REWIND, attempts=5)
def rewind(context: Context, payload: dict[str, Any]) -> None:
    """After a level or a calendar has changed; the same again changes nothing."""
    with context.session() as session:
        ids = rewinding.open_requests(session, payload["tier"])
    context.in_batches(ids, rewinding.BATCH, rewinding.rewind_requests)
