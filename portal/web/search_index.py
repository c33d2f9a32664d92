"""The search index of this process: opened when first asked, brought up to date behind the back
of whoever asked.
"""

import threading
import time

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.search import Engine
from portal.services.search import FOLDER, follow
from portal.tenancy import Scope, system_scope
from portal.web.clock import request_time
from portal.web.state import State, state

log = structlog.get_logger(__name__)
KEPT = "paceline.search"
PAUSE_SECONDS = 5.0
"""Between two attempts, so that a full disk is not asked at every request."""


class SearchIndex:
    """The engine, and the one thread that may be rebuilding its index."""

    def __init__(self, kept: State) -> None:
        self.engine = Engine(kept.settings.data_dir / FOLDER)
        self._state = kept
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._thread: threading.Thread | None = None

    def follow_soon(self) -> None:
        """Builds the index anew in a thread, if it is behind and nobody is at it."""
        now = request_time()
        with self._lock:
            if time.monotonic() < self._next_at:
                return
            self._next_at = time.monotonic() + PAUSE_SECONDS
        scope = system_scope(now, "search index")
        self._thread = threading.Thread(
            target=self._follow, args=(scope,), name="reindex", daemon=True
        )
        self._thread.start()

    def finish(self) -> None:
        """Waits for what was begun."""
        if self._thread is not None:
            self._thread.join()

    def _follow(self, scope: Scope) -> None:
        try:
            with self._state.database.session(scope) as session:
                built = follow(session, self.engine, self._state.settings.data_dir)
        except (OSError, SQLAlchemyError) as failure:
            log.warning("index not built", reason=str(failure)[:300])
        else:
            log.info("index followed", built=built)


def search_index() -> SearchIndex:
    """The running application's; only inside a request or an application context."""
    kept: SearchIndex = current_app.extensions.setdefault(KEPT, SearchIndex(state()))
    return kept
