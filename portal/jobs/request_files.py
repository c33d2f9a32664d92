from typing import Any

import structlog

from portal.jobs.registry import Context, job
from portal.services.file_store import FileStore
from portal.services.requests.file_care import note_verdict, sweep_request_files, waiting_files
from portal.services.virus_scan import Scanner, Verdict

log = structlog.get_logger(__name__)


@job("requests.scan-files", attempts=3)
def scan(context: Context, _payload: dict[str, Any]) -> None:
    """Every few minutes: files that came while the scanner was away, or before there was one. The
    first that it does not answer for ends the round.
    """
    scanner, files = (
        Scanner(context.settings.scanner_url),
        FileStore(context.settings.request_files),
    )
    if not scanner.there:
        return
    with context.session() as session:
        waiting = waiting_files(session)
    for key, stored in waiting:
        verdict = scanner.look(files.read(stored) or b"")
        if verdict is Verdict.UNSEEN:
            log.warning("virus scanner does not answer", file=key)
            return
        with context.session(writes=True) as session:
            note_verdict(session, files, key, verdict)
        log.info("file scanned", file=key, verdict=verdict.value)


@job("requests.sweep-files", attempts=3)
def sweep(context: Context, _payload: dict[str, Any]) -> None:
    """Nightly: files that no request took."""
    with context.session(writes=True) as session:
        gone = sweep_request_files(session, FileStore(context.settings.request_files))
    log.info("swept", files=gone)
