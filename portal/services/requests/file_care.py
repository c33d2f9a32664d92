"""What the worker does for attached files: asks the scanner again, and throws away what nobody
took.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.models import RequestDraft, RequestFile
from portal.services.file_store import FileStore
from portal.services.requests.drafts import FILES
from portal.services.virus_scan import Verdict
from portal.tenancy import scope_of

LOOSE_KEPT = timedelta(days=2)
DRAFTS_KEPT = timedelta(days=30)
LEFT_BEHIND = timedelta(days=1)
MOST_AT_ONCE = 20


def waiting_files(session: Session) -> list[tuple[str, str]]:
    """Key and place of files that no scanner has seen, the oldest first; some of them."""
    wanted = select(RequestFile.key, RequestFile.stored)
    unseen = wanted.where(RequestFile.verdict == Verdict.UNSEEN.value)
    ordered = unseen.order_by(RequestFile.at, RequestFile.id).limit(MOST_AT_ONCE)
    return [(row.key, row.stored) for row in session.execute(ordered)]


def note_verdict(session: Session, files: FileStore, key: str, verdict: Verdict) -> None:
    """Commits. Of what is refused only the name is kept."""
    row = session.scalar(select(RequestFile).where(RequestFile.key == key))
    if row is None or verdict is Verdict.UNSEEN:
        return
    row.verdict = verdict.value
    session.commit()
    if verdict is Verdict.REFUSED:
        files.remove(row.stored)


def sweep_request_files(session: Session, files: FileStore) -> int:
    """Removes what no request took within two days and no draft of the last month holds, and
    content without a row (a broken-off upload, an account that is gone); how many. Commits.
    """
    now = scope_of(session).now
    loose = delete(RequestFile).where(
        RequestFile.request_id.is_(None),
        RequestFile.at < now - LOOSE_KEPT,
        RequestFile.key.not_in(_of_drafts(session, now - DRAFTS_KEPT)),
    )
    returning = loose.returning(RequestFile.stored)
    gone = session.scalars(returning.execution_options(synchronize_session=False)).all()
    known = set(session.scalars(select(RequestFile.stored)))
    session.commit()
    before = now - LEFT_BEHIND
    left = [name for name in files.names() if name not in known and files.stored_at(name) < before]
    for name in {*gone, *left}:
        files.remove(name)
    return len({*gone, *left})


def _of_drafts(session: Session, since: datetime) -> set[str]:
    """Keys of the files that drafts hold which have been worked on since then."""
    held = RequestDraft.typed[FILES].as_string()
    kept = select(held).where(RequestDraft.updated_at >= since, held.is_not(None))
    return {key for keys in session.scalars(kept) for key in keys.split()}
