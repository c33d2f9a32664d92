from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.usage.fold import fold_pending

log = structlog.get_logger(__name__)


@job("usage.fold", attempts=3)
def fold(context: Context, _payload: dict[str, Any]) -> None:
    """Every few seconds; the fold itself is exactly once, by its own transaction."""
    report = fold_pending(context.database, context.now())
    if report.requests or report.attached:
        log.info("folded", events=report.events, duplicates=report.duplicates)
