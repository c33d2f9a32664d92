from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.catalogue.rules import REFOLD
from portal.services.jobs import enqueue
from portal.services.person_data import ERASE_JOB, finish_erasing
from portal.services.rebuilds import JOB as REBUILD_JOB
from portal.services.rebuilds import do_rebuild
from portal.services.vendor import show_vendor
from portal.usage.archiving import archive
from portal.usage.compaction import compact
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild_moved
from portal.usage.refold import refold_slice
from portal.usage.retention import retain
from portal.usage.sealing import seal

log = structlog.get_logger(__name__)


@job("usage.fold", attempts=3)
def fold(context: Context, _payload: dict[str, Any]) -> None:
    """Every few seconds; the fold itself is exactly once, by its own transaction."""
    report = fold_pending(context.database, context.now())
    if report.requests or report.attached:
        log.info("folded", events=report.events, duplicates=report.duplicates)


@job("usage.seal", attempts=3)
def seal_old_days(context: Context, _payload: dict[str, Any]) -> None:
    """Every hour; there is much to do only when four weeks come of age, and after an import."""
    report = seal(context.database, context.now())
    if report.blocks or report.days:
        log.info("sealed", blocks=report.blocks, forgotten=report.days, left=report.left)


@job("usage.compact", attempts=3)
def compact_log(context: Context, _payload: dict[str, Any]) -> None:
    """Every hour; there is much to do only after midnight (UTC)."""
    report = compact(context.database, context.now())
    if report.requests:
        log.info("packed", requests=report.requests, packs=report.packs, left=report.left)


@job("usage.archive", attempts=3)
def archive_old_events(context: Context, _payload: dict[str, Any]) -> None:
    """Every night; there is much to do only when four weeks come of age."""
    report = archive(context.database, context.now())
    if report.blocks or report.left:
        log.info("archived", events=report.events, blocks=report.blocks, left=report.left)


@job("usage.refold", attempts=5)
def refold(context: Context, _payload: dict[str, Any]) -> None:
    """A slice at a time, so that folds and mails get their turn in between."""
    if refold_slice(context.database, context.now()):
        with context.session(writes=True) as session:
            enqueue(session, REFOLD, {}, unique_key=REFOLD)
            context.finish(session)


@job("usage.retain", attempts=3)
def retain_raw_events(context: Context, _payload: dict[str, Any]) -> None:
    """Every night; as long as the vendor keeps raw events for good there is nothing to do."""
    with context.session() as session:
        days = show_vendor(session).raw_days
    if days is not None:
        report = retain(context.database, context.now(), days)
        log.info("raw events thrown away", requests=report.requests, messages=report.messages)


@job(REBUILD_JOB, attempts=5)
def rebuild_figures(context: Context, payload: dict[str, Any]) -> None:
    """Asked by an administrator; how far it is stands in `usage_run`."""
    report = do_rebuild(context.database, context.now, payload["run"])
    if report is not None:
        log.info("figures made again", events=report.events)


@job(ERASE_JOB, attempts=10)
def erase_from_log(context: Context, _payload: dict[str, Any]) -> None:
    """Asked when a person is erased; how far it is stands in `usage_run`."""
    done = finish_erasing(context.database, context.now())
    log.info("erased from the log", persons=done)


@job("usage.follow-zones", attempts=3)
def follow_zones(context: Context, _payload: dict[str, Any]) -> None:
    """Every minute; the days of an account whose time zone has changed begin elsewhere."""
    moved = rebuild_moved(context.database, context.now())
    if moved:
        log.info("days made again", accounts=len(moved))
