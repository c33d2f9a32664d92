"""The search index of this process, kept up to date behind the back of whoever asks.

A serving process looks at the change number five times a second (`keep_following`), so that it
needs neither a worker on its machine nor somebody who searches. Elsewhere, as in tests, a search
that finds the index behind sets it right.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.search import Engine, IndexDamaged
from portal.services.search_index import FOLDER, follow, newest_change
from portal.tenancy import Scope, system_scope
from portal.web.clock import moment, request_time
from portal.web.giving_back import give_back
from portal.web.search_learning import Learning
from portal.web.state import State, state

log = structlog.get_logger(__name__)
KEPT = "paceline.search"
PAUSE_SECONDS = 5.0
"""Between two attempts after a failure, so that a full disk is not asked all the time."""
LOOK_SECONDS = 0.2
REBUILD = (sys.executable, "-m", "portal.cli", "reindex")


class SearchIndex:
    """The engine, and the one thread that may be writing its index."""

    def __init__(self, kept: State) -> None:
        self.engine = Engine(kept.settings.data_dir / FOLDER, patient=True)
        self._state = kept
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._thread: threading.Thread | None = None
        self._following = False
        self._number: int | None = None
        self._rebuild: Callable[[], object] | None = None

    def keep_following(self) -> None:
        """Until the process ends."""
        self._following, self._rebuild = True, _rebuild_elsewhere
        threading.Thread(target=self._keep_following, name="search index", daemon=True).start()

    def follow_soon(self) -> None:
        """Brings the index up to date in a thread, unless one is at it."""
        now = request_time()
        with self._lock:
            if self._following or time.monotonic() < self._next_at:
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
                written = follow(session, self.engine, self._state.settings.data_dir)
        except (OSError, SQLAlchemyError, IndexDamaged) as failure:
            log.warning("index not built", reason=str(failure)[:300])
        else:
            log.info("index followed", written=written)

    def _keep_following(self) -> None:
        learning = Learning(self.engine)
        while True:
            try:
                self.look()
                if self.engine.change_number is not None:
                    learning.look()
            except (OSError, SQLAlchemyError, IndexDamaged, subprocess.SubprocessError) as failure:
                log.warning("index not followed", reason=str(failure)[:300])
                time.sleep(PAUSE_SECONDS)
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Takes over what another process of this machine has written; writes where none did."""
        number = self._refreshed()
        scope = system_scope(moment(), "search index")
        with self._state.database.session(scope) as session:
            newest = newest_change(session)
            if newest == (number or 0):
                return
            folder = self._state.settings.data_dir
            written = follow(session, self.engine, folder, rebuild=self._rebuild)
        number = self._refreshed()
        if written and number is None:
            raise IndexDamaged("what was built can't be read")
        if written:
            log.info("index followed", change=number)

    def _refreshed(self) -> int | None:
        """The newest generation's; what went with the one before it is given back."""
        number = self.engine.refresh()
        if number != self._number:
            self._number = number
            give_back()
        return number


def _rebuild_elsewhere() -> None:
    """In a process of its own: cutting ten thousand texts into words takes much memory, and half a
    minute in which nobody here would be answered well.
    """
    subprocess.run(REBUILD, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command


def keep_following(app: Flask) -> None:
    """For a process that serves."""
    with app.app_context():
        search_index().keep_following()


def search_index() -> SearchIndex:
    """The running application's; only inside a request or an application context."""
    kept: SearchIndex = current_app.extensions.setdefault(KEPT, SearchIndex(state()))
    return kept
