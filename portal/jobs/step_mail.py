from typing import Any

from portal.jobs.registry import Context, job
from portal.services.step_mails import queue_step_mail, waiting_champions


@job("knowledge.step-mail", attempts=3)
def step_mail(context: Context, _payload: dict[str, Any]) -> None:
    """Every half an hour; the mail's key lets it go out once a week and person."""
    base = str(context.settings.public_url).rstrip("/")
    with context.session() as session:
        waiting = waiting_champions(session)
    for champion in waiting:
        with context.database.session(champion.scope, writes=True) as session:
            queue_step_mail(session, champion, lambda path: base + path)
