from functools import partial
from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.health.due import due_accounts
from portal.services.health.scoring import BATCH, score_accounts

log = structlog.get_logger(__name__)
HISTORY_DAYS = 420
"""What rollups tell of an account's past is scored when it is first seen: a back-test needs it."""


@job("health.score", attempts=3)
def score(context: Context, _payload: dict[str, Any]) -> None:
    """Every few minutes: accounts whose midnight has passed, and those that got late events."""
    with context.session() as session:
        due = due_accounts(session)
    written = context.in_batches(due, BATCH, partial(score_accounts, history=HISTORY_DAYS))
    if written:
        log.info("health scored", days=written)
