from typing import Any

from portal.jobs.registry import Context, job
from portal.services.person_requests import JOB, do_request


@job(JOB, attempts=10)
def person_request(context: Context, payload: dict[str, Any]) -> None:
    """Asked on a page: a file with what is kept of a person, or their erasure."""
    do_request(context.database, context.now, payload["key"])
