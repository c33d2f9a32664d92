"""Structured logs on standard error: JSON lines in production, readable ones in development.

Every line carries the request or job that it belongs to (structlog's context variables). No line
carries a secret or a body: what has such a name is replaced, whoever logs it.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

HIDDEN = "[hidden]"
# A name that contains one of these is never written out.
SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "smtp_url", "csrf")
# Bodies and payloads are other people's words.
BODY_NAMES = {"body", "payload", "html", "text", "form", "data", "values", "json"}


def configure_logging(environment: str) -> None:
    """Also of the libraries that use Python's own logging."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        hide_secrets,
    ]
    structlog.configure(
        processors=[
            *before,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _take_over(environment, before)


def _take_over(environment: str, before: list[Processor]) -> None:
    plain = environment == "production"
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if plain
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.processors.format_exc_info],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # It tells of each connection that it looks at.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def hide_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name in event:
        lower = name.lower()
        if lower in BODY_NAMES or any(word in lower for word in SECRET_WORDS):
            event[name] = HIDDEN
    return event
