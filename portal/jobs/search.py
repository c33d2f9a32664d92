from typing import Any

from portal.jobs.registry import Context, job
from portal.search import Engine
from portal.services.knowledge_texts import REINDEX
from portal.services.search import FOLDER, follow


@job(REINDEX)
def reindex(context: Context, _payload: dict[str, Any]) -> None:
    """After each change of the hub. Where another process of this machine is at it, what that one
    misses is noticed by the next search.
    """
    data_dir = context.settings.data_dir
    with context.session() as session:
        follow(session, Engine(data_dir / FOLDER), data_dir)
