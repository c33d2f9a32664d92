from typing import Any

from portal.jobs.registry import Context, job
from portal.search import Engine
from portal.services.knowledge_texts import REINDEX
from portal.services.search_index import FOLDER, follow


@job(REINDEX)
def reindex(context: Context, _payload: dict[str, Any]) -> None:
    """After each change of the hub. A process that serves on this machine may come first, or be at
    it: what that one misses it finds half a second later.
    """
    data_dir = context.settings.data_dir
    with context.session() as session:
        follow(session, Engine(data_dir / FOLDER), data_dir)
