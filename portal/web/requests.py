"""Request id, security headers, the log line and the counters of every request."""

import re
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, g, request
from prometheus_client import Counter, Histogram

from portal.web.assets import packed
from portal.web.compression import compress

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger("request")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REQUESTS = Counter("paceline_requests", "Requests answered", ["endpoint", "status"])
SECONDS = Histogram("paceline_request_seconds", "Seconds until the answer", ["endpoint"])
# Parts of a path by these names open something.
SECRET_PARTS = ("secret", "token")
A_YEAR = 365 * 24 * 3600


def init_requests(app: Flask, *, secure: bool) -> None:
    app.config["PACELINE_SECURE"] = secure
    app.before_request(_begin)
    app.after_request(_finish)


def takes(most: int) -> Callable[[View], View]:
    """The view takes requests of so many bytes, where others take the usual most."""

    def mark(view: View) -> View:
        view.__most__ = most  # type: ignore[attr-defined] # read back before the request is read
        return view

    return mark


def _begin() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "__most__", None)
    if most is not None:
        request.max_content_length = most
    g.request_id = id_of_request(request.headers.get("X-Request-ID", ""))
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def id_of_request(given: str) -> str:
    """The caller's own where it is plain, else a new one."""
    if given and re.fullmatch(r"[A-Za-z0-9_-]{8,40}", given):
        return given
    return secrets.token_hex(8)


def strict_transport(*, secure: bool) -> list[tuple[str, str]]:
    return [("Strict-Transport-Security", f"max-age={A_YEAR}")] if secure else []


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    for name, value in strict_transport(secure=current_app.config["PACELINE_SECURE"]):
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if request.endpoint == "static" and response.status_code in (200, 304):
        send_asset(response, request.path.removeprefix("/static/"))
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
        compress(response, request)
    _note(response)
    return response


def send_asset(response: Response, path: str) -> Response:
    """A file under static/: kept forever where its address carries its hash, and compressed."""
    kept = "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=300"
    response.headers["Cache-Control"] = kept
    wanted = response.status_code == HTTPStatus.OK and request.accept_encodings.quality("gzip")
    body = packed(path) if wanted else None
    if body is not None:
        response.close()  # the file that Flask opened
        response.set_data(body)
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _told_path() -> str:
    """The path for the log: the secret of a link (invitation, reset) stays out of it."""
    path = request.path
    for name in SECRET_PARTS:
        secret = (request.view_args or {}).get(name)
        if secret:
            path = path.replace(str(secret), "[hidden]")
    return path


def _note(response: Response) -> None:
    endpoint = request.endpoint or "none"
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    REQUESTS.labels(endpoint, str(response.status_code)).inc()
    SECONDS.labels(endpoint).observe(seconds)
    if endpoint != "static":
        log.info(
            "answered",
            method=request.method,
            path=_told_path(),
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )
