"""Requests with usage that are refused whole are counted behind the back of whoever sent them: in
the process, and every few seconds in the database. What is taken never comes by here.
"""

import threading
from datetime import datetime
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from portal.services.refused_requests import (
    LONGEST_AGENT,
    Refused,
    Sender,
    Times,
    keep_refused,
    secret_in,
    sender_of,
)
from portal.tenancy import system_scope
from portal.web.clock import request_time
from portal.web.intake import basic_user
from portal.web.state import State, state

log = structlog.get_logger(__name__)
KEPT = "paceline.turned-away"
FLUSH_SECONDS = 2.0
# Kinds that a process holds between two writings; further senders are counted together.
MOST_HELD = 200
DOORS = {
    "ingest.take_in": "segment",
    "posthog.events": "posthog",
    "api.usage_days_push": "days",
    "api.volumes_push": "volumes",
}


class TurnedAway:
    """What is counted and not written yet, and the one thread that writes it. What a process holds
    when it ends is not counted.
    """

    def __init__(self, kept: State) -> None:
        self._state = kept
        self._held: dict[Refused, Times] = {}
        self._lock = threading.Lock()
        self._now = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, one: Refused, at: datetime, agent: str) -> None:
        with self._lock:
            if one not in self._held and len(self._held) >= MOST_HELD:
                one = Refused(one.door, one.reason, Sender())
            times = Times(1, at, agent)
            known = self._held.get(one)
            self._held[one] = times if known is None else known.plus(times)
            if self._thread is None or not self._thread.is_alive():
                self._now.clear()
                self._thread = threading.Thread(target=self._carry, name="turned away", daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Writes what is held, and returns when that is done."""
        self._now.set()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _carry(self) -> None:
        while True:
            self._now.wait(FLUSH_SECONDS)
            with self._lock:
                held, self._held = self._held, {}
                if not held:
                    self._thread = None
                    return
            self._write(held)

    def _write(self, held: dict[Refused, Times]) -> None:
        now = max(times.last_at for times in held.values())
        scope = system_scope(now, "turned away")
        try:
            with self._state.database.session(scope, writes=True) as session:
                keep_refused(session, held)
        except (OSError, SQLAlchemyError) as failure:
            log.warning("refused requests not counted", reason=str(failure)[:300])


def init_turned_away(app: Flask) -> None:
    app.after_request(_note)


def turned_away() -> TurnedAway:
    """The running application's; only inside a request or an application context."""
    kept: TurnedAway | None = current_app.extensions.get(KEPT)
    if kept is None:
        kept = current_app.extensions.setdefault(KEPT, TurnedAway(state()))
    return kept


def hold_body(body: bytes) -> None:
    """Its sender is looked for in it, should it be refused."""
    g.sent_body = body


def _note(response: Response) -> Response:
    door = DOORS.get(request.endpoint or "")
    status = response.status_code
    # What a quota holds back is counted where quotas are.
    refused = 400 <= status < 500 and status != HTTPStatus.TOO_MANY_REQUESTS  # noqa: PLR2004 # the client's own faults
    if door is not None and refused and request.method == "POST":
        reason = "too-large" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else _code()
        agent = request.headers.get("User-Agent", "")
        shown = "".join(one for one in agent if one.isprintable())[:LONGEST_AGENT]
        turned_away().add(Refused(door, reason, sender_of(_secret())), request_time(), shown)
    return response


def _code() -> str:
    """As the answer names it (errors.answer)."""
    return str(g.get("problem", "error"))


def _secret() -> str:
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return basic_user(header) or secret_in(g.get("sent_body", b""))
