"""What is asked is counted behind the back of whoever asks: a search waits for no writing, and one
that cannot be counted is answered all the same. What a process holds when it ends is not counted.
"""

import threading
from collections import deque

import structlog
from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError

from portal.domain.errors import TooMany
from portal.services.rate_limits import take
from portal.services.search_questions import Note, keep_notes, note_of
from portal.tenancy import Scope, system_scope
from portal.web.clock import request_time
from portal.web.guards import scope
from portal.web.state import State, state

log = structlog.get_logger(__name__)
KEPT = "paceline.search-notes"
MOST_WAITING = 2000
TICKET_SECONDS = 3600


class SearchNotes:
    """Notes on their way into the database, and the one thread that carries them."""

    def __init__(self, kept: State) -> None:
        self._state = kept
        self._waiting: deque[tuple[Note, str]] = deque(maxlen=MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, note: Note, address: str) -> None:
        """`address`: whose notes are limited, "" for nobody's."""
        self._waiting.append((note, address))
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                scope = system_scope(request_time(), "search notes")
                self._thread = threading.Thread(
                    target=self._carry, args=(scope,), name="search notes", daemon=True
                )
                self._thread.start()

    def finish(self) -> None:
        """Waits for what was begun."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def _carry(self, scope: Scope) -> None:
        while self._waiting:
            held = [self._waiting.popleft() for _ in range(len(self._waiting))]
            try:
                allowed = [note for note, address in held if self._allowed(address, scope)]
                with self._state.database.session(scope, writes=True) as session:
                    keep_notes(session, allowed)
            except (OSError, SQLAlchemyError) as failure:
                log.warning("searches not counted", reason=str(failure)[:300])

    def _allowed(self, address: str, scope: Scope) -> bool:
        if not address:
            return True
        try:
            take(self._state.database, "search-note", address, scope.now)
        except TooMany:
            return False
        return True


def search_notes() -> SearchNotes:
    """The running application's; only inside a request or an application context."""
    kept: SearchNotes = current_app.extensions.setdefault(KEPT, SearchNotes(state()))
    return kept


def note_answer(question: str, locale: str, *, found: bool, opened: bool = False) -> None:
    """Counts an answer that the reader of this request got. Visitors' are limited by address, so
    that nobody fills the table.
    """
    note = note_of(scope(), question, locale, found=found, opened=opened)
    search_notes().add(note, request.remote_addr or "-" if note.side == "visitor" else "")


def ticket(question: str, locale: str, *, found: bool) -> str:
    """Goes out with an answer and comes back with what became of it: nobody can count what was
    not asked.
    """
    return _signer().dumps([question, locale, found])


def punch(sent: str, *, opened: bool) -> bool:
    """Counts the answer that the ticket came with; False for one that is not ours, or too old."""
    try:
        question, locale, found = _signer().loads(sent, max_age=TICKET_SECONDS)
    except (BadSignature, ValueError):
        return False
    note_answer(question, locale, found=found, opened=opened and found)
    return True


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="search answer")
