"""Pages that this process has sent, asked for again word for word: answered before Flask, which
would be most of the cost, where the same reader may still read them and their figures still hold.

Both are asked of the database each time, in the statements that the page itself begins with. In
any doubt, and for whatever is not known yet, the application answers.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from portal.domain.shelf import Shelf
from portal.services.adoption import Standing, look_at_standing
from portal.services.sessions import SEEN_EVERY
from portal.services.sign_in import SignedIn, find_signed_in
from portal.web.adoption.sentences import is_stale
from portal.web.clock import moment
from portal.web.requests import REQUESTS, SECONDS, id_of_request
from portal.web.state import State

log = structlog.get_logger("request")
# Where the view leaves what it has made.
MADE = "paceline.made"
# All that an answer follows from in a request: a page of ours reads no other header.
ASKED = (
    *("PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_HOST", "HTTP_ACCEPT_LANGUAGE"),
    *("HTTP_ACCEPT_ENCODING", "HTTP_HX_REQUEST"),
)
OF_THIS_ONCE = frozenset({"X-Request-ID", "Date"})
OF_A_BODY = frozenset({"Content-Length", "Content-Type", "Content-Encoding"})
FOUND, HELD = "200 OK", "304 NOT MODIFIED"
LARGEST = 6 * 1024 * 1024
A_PAGE = 8_000
"""Bytes that a page takes beside its text, about."""
Environ = dict[str, Any]
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What an answer follows from beside the words of the request: who asks, by which secret, and
    the `figures` of the account.
    """

    endpoint: str
    secret: str
    reader: SignedIn
    account_key: str
    figures: tuple[object, ...]

    def holds(self, connection: Connection, now: datetime) -> bool:
        reader = find_signed_in(connection, self.secret, now)
        # Who has not been seen for a while must be noted: that is left to the application.
        if reader != self.reader or now - reader[0].seen_at >= SEEN_EVERY:
            return False
        standing = look_at_standing(connection, self.account_key, now)
        return standing is not None and figures_of(standing, now) == self.figures


@dataclass(frozen=True, slots=True)
class Made:
    """An answer that may be sent again. `body`: compressed; None where the reader held it."""

    proof: Proof
    tag: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class _Answer:
    made: Made
    headers: Headers

    @property
    def headers_if_held(self) -> Headers:
        return [one for one in self.headers if one[0] not in OF_A_BODY]


def figures_of(standing: Standing, now: datetime) -> tuple[object, ...]:
    """What a page of days that are over says of an account follows from these."""
    return standing.settled, is_stale(standing.account.last_at, now), now.date()


class KeptPages:
    """Stands before the application: `app.wsgi_app = KeptPages(app.wsgi_app, state)`."""

    def __init__(self, application: Callable[..., Iterable[bytes]], state: State) -> None:
        self._application = application
        self._database = state.database
        self._answers = Shelf(LARGEST)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" not in environ:
            return self._application(environ, start_response)
        began = time.perf_counter()
        asked = tuple(environ.get(name, "") for name in ASKED)
        known: _Answer | None = self._answers.find(asked)
        if known is not None:
            held = known.made.tag in environ.get("HTTP_IF_NONE_MATCH", "")
            if (held or known.made.body is not None) and self._holds(known):
                return self._send(known, environ, start_response, began, held=held)
        return self._ask(asked, environ, start_response)

    def _holds(self, known: _Answer) -> bool:
        try:
            with self._database.glance() as connection:
                return known.made.proof.holds(connection, moment())
        except SQLAlchemyError:  # the application will say it
            return False

    def _ask(
        self, asked: tuple[str, ...], environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        def start(status: str, headers: Headers, *more: Any) -> Any:
            made = environ.get(MADE)
            if isinstance(made, Made):
                self._keep(asked, made, status, headers)
            return start_response(status, headers, *more)

        return self._application(environ, start)

    def _keep(self, asked: tuple[str, ...], made: Made, status: str, headers: Headers) -> None:
        """Not what is for this once, or has become another text on its way out."""
        named = dict(headers)
        wanted = "304" if made.body is None else "200"
        length = named.get("Content-Length")
        if status[:3] != wanted or "Set-Cookie" in named:
            return
        if made.body is not None and length != str(len(made.body)):
            return
        lasting = [one for one in headers if one[0] not in OF_THIS_ONCE]
        size = A_PAGE + (0 if made.body is None else len(made.body))
        self._answers.put(asked, _Answer(made, lasting), size)

    def _send(
        self, known: _Answer, environ: Environ, start_response: Any, began: float, *, held: bool
    ) -> Iterable[bytes]:
        request_id = id_of_request(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = known.headers_if_held if held else known.headers
        start_response(HELD if held else FOUND, [*headers, ("X-Request-ID", request_id)])
        note_answer(
            known.made.proof.endpoint,
            304 if held else 200,
            time.perf_counter() - began,
            environ,
            request_id,
        )
        return [] if held or known.made.body is None else [known.made.body]


def note_answer(
    endpoint: str, status: int, seconds: float, environ: Environ, request_id: str
) -> None:
    """As the application counts and logs it."""
    REQUESTS.labels(endpoint, str(status)).inc()
    SECONDS.labels(endpoint).observe(seconds)
    log.info(
        "answered",
        request_id=request_id,
        method="GET",
        path=environ["PATH_INFO"],
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )
