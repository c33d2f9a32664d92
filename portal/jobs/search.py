import time
from datetime import timedelta
from typing import Any

from portal.jobs.registry import Context, job
from portal.search import Engine
from portal.services.jobs import enqueue
from portal.services.knowledge_texts import REINDEX
from portal.services.search_index import FOLDER, follow, newest_change

_PATIENCE_SECONDS, _PAUSE_SECONDS = 20.0, 0.25
"""For another process of this machine to end what it is writing."""
_LEARNING_SECONDS, _REST = 4.0, timedelta(seconds=1)
"""Then other jobs have their turn."""


@job(REINDEX)
def reindex(context: Context, _payload: dict[str, Any]) -> None:
    """After each change of the hub. A process that serves on this machine may come first, or be at
    it: what that one misses it finds half a second later. What new texts mean is learnt here, so
    that nobody who asks waits for it.
    """
    data_dir = context.settings.data_dir
    engine = Engine(data_dir / FOLDER)
    given_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with context.session() as session:
            follow(session, engine, data_dir)
            newest = newest_change(session)
        if engine.refresh() == newest:
            _learn(context, engine)
            return
        if time.monotonic() > given_up:
            return
        time.sleep(_PAUSE_SECONDS)


def _learn(context: Context, engine: Engine) -> None:
    """Queues itself again until all is learnt, behind whatever is due by then."""
    if engine.learn(_LEARNING_SECONDS):
        with context.session(writes=True) as session:
            enqueue(session, REINDEX, {}, due_at=context.now() + _REST)
            session.commit()
