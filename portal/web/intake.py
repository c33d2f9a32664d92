"""The way of usage events around Flask, which would be most of the cost of most requests.

What can be taken is taken here. Everything else goes on to the application: the view behind the
same address says what is wrong as it is said everywhere.
"""

import binascii
import time
from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.sansio.utils import host_is_trusted

from portal.domain.errors import DomainError
from portal.services.ingest import take_request
from portal.web.clock import moment
from portal.web.cross_origin import OPEN
from portal.web.requests import HEADERS, REQUESTS, SECONDS, id_of_request, strict_transport
from portal.web.state import State

log = structlog.get_logger(__name__)
# The short names that Segment's browser client uses.
SHORT = {
    "b": "batch",
    "t": "track",
    "i": "identify",
    "g": "group",
    "p": "page",
    "s": "screen",
    "a": "alias",
}
KINDS = {
    f"/v1/{name}{slash}": kind
    for short, kind in SHORT.items()
    for name in (short, kind)
    for slash in ("", "/")
}
ANSWER = b'{"success":true}\n'
ENDPOINT = "ingest.take_in"
# Where the application finds what was raised here: it is not tried twice.
REFUSAL = "paceline.refusal"
Environ = dict[str, Any]


class Intake:
    """Stands before the application: `app.wsgi_app = Intake(app, state)`."""

    def __init__(self, app: Flask, state: State) -> None:
        self.application = app.wsgi_app
        self._database = state.database
        self._hosts = app.config["TRUSTED_HOSTS"]
        self._largest = app.config["MAX_CONTENT_LENGTH"]
        self._headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(ANSWER))),
            ("Cache-Control", "private, no-cache"),
            *{**HEADERS, **OPEN}.items(),
            *strict_transport(secure=state.settings.secure),
        ]
        self._is_trusted = lru_cache(100)(self._ask_trusted)
        self._taken = REQUESTS.labels(ENDPOINT, "200")
        self._seconds = SECONDS.labels(ENDPOINT)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        kind = KINDS.get(environ["PATH_INFO"])
        if kind is None or environ["REQUEST_METHOD"] != "POST":
            return self.application(environ, start_response)
        began = time.perf_counter()
        length = environ.get("CONTENT_LENGTH") or ""
        if not self.may_take(environ, length):
            return self.application(environ, start_response)
        body = environ["wsgi.input"].read(int(length))
        if not self._take(kind, body, environ):
            environ["wsgi.input"] = BytesIO(body)
            return self.application(environ, start_response)
        request_id = id_of_request(environ.get("HTTP_X_REQUEST_ID", ""))
        start_response("200 OK", [*self._headers, ("X-Request-ID", request_id)])
        self._taken.inc()
        self._seconds.observe(time.perf_counter() - began)
        return [ANSWER]

    def may_take(self, environ: Environ, length: str) -> bool:
        return (
            length.isdigit()
            and int(length) <= self._largest
            and self._is_trusted(environ.get("HTTP_HOST", ""))
        )

    def _ask_trusted(self, host: str) -> bool:
        return not self._hosts or host_is_trusted(host, self._hosts)

    def _take(self, kind: str, body: bytes, environ: Environ) -> bool:
        secret = basic_user(environ.get("HTTP_AUTHORIZATION", ""))
        try:
            take_request(self._database, kind, body, secret, moment())
        except (DomainError, SQLAlchemyError) as failure:
            environ[REFUSAL] = failure
            return False
        return True


def basic_user(header: str) -> str:
    """The name in `Authorization: Basic`; empty where there is none that can be read."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
