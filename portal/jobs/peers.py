from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import structlog

from portal.jobs.registry import Context, job
from portal.services.peers import (
    accounts_to_compare,
    keep_medians,
    medians_by_account,
    read_figures,
)

A_CHUNK = 50
log = structlog.get_logger(__name__)
Item = TypeVar("Item")


@job("adoption.peers", attempts=3)
def compare_accounts(context: Context, _payload: dict[str, Any]) -> None:
    """Every night; whatever a killed one has not written, the next attempt writes."""
    with context.session() as session:
        accounts = accounts_to_compare(session)
    figures = []
    for some in _chunks(accounts):
        # A session each, so that none holds back the database's cleaning for long.
        with context.session() as session:
            figures += read_figures(session, some)
    medians = medians_by_account(figures)
    for ids in _chunks([account_id for account_id, *_rest in accounts]):
        with context.session(writes=True) as session:
            keep_medians(session, ids, medians)
    log.info("peers compared", accounts=len(accounts))


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), A_CHUNK):
        yield items[start : start + A_CHUNK]
