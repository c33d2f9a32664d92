"""Sent files of others lie on a path without cookies: none that a browser brings is read there, and
none is set, whatever the application does.
"""

from collections.abc import Callable, Iterable
from typing import Any

FOLDER = "/files/"
Headers = list[tuple[str, str]]


class Cookieless:
    """Wraps the application."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(FOLDER):
            return self._app(environ, start_response)
        environ.pop("HTTP_COOKIE", None)

        def begin(status: str, headers: Headers, *more: Any) -> Any:
            kept = [(name, value) for name, value in headers if name.lower() != "set-cookie"]
            return start_response(status, kept, *more)

        return self._app(environ, begin)
