from datetime import UTC, datetime

from flask import g


def moment() -> datetime:
    """Now, for a door that stands before Flask."""
    return datetime.now(UTC)


def request_time() -> datetime:
    """When this request began: one moment for all that it reads and writes."""
    if "now" not in g:
        g.now = moment()
    kept: datetime = g.now
    return kept
