from datetime import UTC, datetime

from flask import g


def request_time() -> datetime:
    """When this request began: one moment for all that it reads and writes."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    kept: datetime = g.now
    return kept
