"""The limit of any server here: reads the body and answers as `/v1/batch` does."""

from collections.abc import Iterable
from typing import Any

ANSWER = b'{"success":true}\n'


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))]
    )
    return [ANSWER]
