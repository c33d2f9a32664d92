"""A file that is attached to a request as it stands, by a machine or a person."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Forbidden
from portal.domain.permissions import Permission
from portal.domain.request_files import refusal
from portal.models import Request, RequestFile
from portal.services.file_store import FileStore
from portal.services.requests.access import take_request
from portal.services.requests.files import Sent
from portal.services.requests.steps import finish, touch
from portal.tenancy import scope_of

MOST_ATTACHED = 50
"""To one request, beside those of its messages."""


def add_file(session: Session, files: FileStore, sent: Sent, request_key: str) -> str:
    """The new file's key; commits. Who reads the request reads it, once the scanner has seen it;
    nobody is told. Raises NotFound, Forbidden, Conflict and Invalid (member "files").
    """
    scope = scope_of(session)
    if not (scope.allows(Permission.REQUEST_WRITE) or scope.allows(Permission.REQUEST_DESK)):
        raise Forbidden
    request = take_request(session, request_key)
    _check_room(session, request)
    key = new_key()
    row = RequestFile(
        key=key,
        account_id=request.account_id,
        request_id=request.id,
        author_id=scope.user_id,
        name=sent.name,
        media_type=sent.media_type,
        size=len(sent.content),
        stored=key,
        verdict=sent.verdict.value,
        at=scope.now,
    )
    session.add(row)
    touch(session, request)
    session.flush()
    files.put(key, sent.content)
    finish(session, "request.attach", request, file=key, name=sent.name)
    return key


def _check_room(session: Session, request: Request) -> None:
    wanted = select(func.count(RequestFile.id)).where(
        RequestFile.request_id == request.id, RequestFile.message_id.is_(None)
    )
    if (session.scalar(wanted) or 0) >= MOST_ATTACHED:
        raise refusal("too-many-files", f"A request holds at most {MOST_ATTACHED} files.")
