from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.cleaning import clean_up

log = structlog.get_logger(__name__)


@job("house.clean", attempts=3)
def clean(context: Context, _payload: dict[str, Any]) -> None:
    """Hourly; what it throws away stands in the service."""
    with context.session(writes=True) as session:
        gone = clean_up(session)
    log.info("cleaned", **gone)
