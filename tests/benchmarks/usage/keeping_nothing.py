"""The same server storing nothing: the whole portal, whose inbox drops what it is given.

A request goes the same way in (host, key, size, gzip, JSON) and out (answer, metrics); only the
durable write is left out. `python -m tests.benchmarks.usage.keeping_nothing` serves it as
`paceline serve` does.
"""

from typing import Any
from unittest.mock import patch

from flask import Flask
from granian import Granian

from portal.app import create_app
from portal.appending import Appender, NewRow
from portal.cli import main
from portal.commands import serving
from portal.config import read_settings
from portal.logging import configure_logging


def make() -> Flask:
    """As portal/wsgi.py."""
    settings = read_settings()
    configure_logging(settings.environment)
    patch.object(Appender, "append", _drop).start()
    return create_app(settings)


def _drop(_appender: Appender, _row: NewRow) -> float:
    return 0.0


def _granian(_target: str, **options: Any) -> Any:
    return Granian("tests.benchmarks.usage.keeping_nothing:make", factory=True, **options)


if __name__ == "__main__":
    with patch.object(serving, "Granian", _granian):
        main()
