from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.alerts import due_accounts, evaluate_accounts
from portal.services.alerts.evaluation import BATCH
from portal.services.alerts.mails import queue_daily_mails
from portal.services.alerts.replay import JOB, keep_answer, work_out_replay

log = structlog.get_logger(__name__)


@job("alerts.evaluate", attempts=3)
def evaluate(context: Context, _payload: dict[str, Any]) -> None:
    """Every few minutes: accounts whose midnight has passed, and those that got late events."""
    with context.session() as session:
        due = due_accounts(session)
    opened = context.in_batches(due, BATCH, evaluate_accounts)
    if opened:
        log.info("alerts opened", alerts=opened)


@job(JOB, attempts=3)
def replay(context: Context, payload: dict[str, Any]) -> None:
    """Asked by an administrator who tries thresholds."""
    with context.session() as session:
        answer = work_out_replay(session, payload["key"])
    if answer is not None:
        with context.session(writes=True) as session:
            keep_answer(session, payload["key"], answer)


@job("alerts.daily-mail", attempts=3)
def daily_mail(context: Context, _payload: dict[str, Any]) -> None:
    """Every half an hour; the mail's key lets it go out once a day and person."""
    base = str(context.settings.public_url).rstrip("/")
    with context.session(writes=True) as session:
        queue_daily_mails(session, lambda path: base + path)
