from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.portfolio_snapshots import refresh_snapshots

log = structlog.get_logger(__name__)


@job("portfolio.refresh", attempts=3)
def refresh(context: Context, _payload: dict[str, Any]) -> None:
    """Every minute; the snapshots of accounts whose day has ended or whose past has changed."""
    made = refresh_snapshots(context.database, context.now())
    if made:
        log.info("snapshots made", accounts=made)
