from typing import Any

from portal.jobs.registry import Context, job
from portal.services.training.assignments import accounts_with_assignments, remind

BATCH = 20


@job("training.remind", attempts=3)
def remind_of_courses(context: Context, _payload: dict[str, Any]) -> None:
    """Every hour; a mail's key lets each go out once, whatever day it is looked at."""
    base = str(context.settings.public_url).rstrip("/")
    with context.session() as session:
        accounts = accounts_with_assignments(session)
    context.in_batches(
        accounts, BATCH, lambda session, some: remind(session, some, lambda path: base + path)
    )
