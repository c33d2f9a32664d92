"""What people attach: taken in by its content, kept beside the database, read by those who may
read the request.

A file is its author's own until a request or a message takes it (`attach`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from portal.db import new_key
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.request_files import LARGEST, MOST, PICTURE, clean_name, form_of, refusal
from portal.models import Account, Request, RequestFile, RequestMessage
from portal.services.file_store import FileStore
from portal.services.images import make_anew
from portal.services.requests.access import find_request, readable
from portal.services.virus_scan import Scanner, Verdict
from portal.tenancy import Scope, scope_of

# Screens are read, not only looked at: twice a large one.
WITHIN = (2560, 4096)
MOST_LOOSE = 30
"""Files of a person that no request has taken yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that may be kept: a picture is made anew already."""

    name: str
    media_type: str
    content: bytes
    verdict: Verdict = Verdict.UNSEEN


@dataclass(frozen=True, slots=True)
class FileView:
    """`ready`: whoever reads the request may fetch it. `refused`: the scanner holds it for
    harmful, and its content is gone.
    """

    key: str
    name: str
    media_type: str
    size: int
    ready: bool
    refused: bool
    at: datetime


def take_in(name: str, raw: bytes, scanner: Scanner) -> Sent:
    """Asks the scanner, which may take seconds: before any transaction. Raises Invalid (member
    "files"; codes of form_of, no-image, image-too-many-pixels and file-harmful).
    """
    form = form_of(raw)
    # What was sent is looked at: in what is made anew nothing would be left to find.
    verdict = scanner.look(raw)
    if verdict is Verdict.REFUSED:
        raise refusal("file-harmful", "The virus scanner holds this file for harmful.")
    content = _picture(raw) if form is PICTURE else raw
    return Sent(clean_name(name, form), form.media_type, content, verdict)


def store_file(
    session: Session, files: FileStore, sent: Sent, *, account: str = "", request: str = ""
) -> str:
    """The key of the reader's new file; commits. Vendor's people name the account or the request
    that it is for. Raises NotFound, also to those who write no requests, and Invalid.
    """
    scope = scope_of(session)
    _check_writes(scope)
    account_id = _account_id(session, account, request)
    _check_loose(session)
    key = new_key()
    row = RequestFile(
        key=key,
        account_id=account_id,
        author_id=scope.user_id,
        name=sent.name,
        media_type=sent.media_type,
        size=len(sent.content),
        stored=key,
        verdict=sent.verdict.value,
        at=scope.now,
    )
    session.add(row)
    session.flush()
    files.put(key, sent.content)
    session.commit()
    return key


def attach(
    session: Session, request: Request, keys: Sequence[str], message_id: int | None = None
) -> None:
    """The reader's own loose files go with the request, or with the message about it; in the
    caller's transaction. Raises Invalid (member "files").
    """
    wanted = set(keys)
    if not wanted:
        return
    if len(wanted) > MOST:
        raise refusal("too-many-files", f"Attach at most {MOST} files.")
    rows = session.scalars(
        _loose(scope_of(session))
        .where(RequestFile.key.in_(wanted), RequestFile.account_id == request.account_id)
        .with_for_update()
    ).all()
    if len(rows) != len(wanted):
        raise refusal("file-gone", "A file is no longer there. Choose it again.")
    for row in rows:
        row.request_id, row.message_id = request.id, message_id


def remove_file(session: Session, files: FileStore, key: str) -> None:
    """One of the reader's own that no request has taken; commits. Raises NotFound."""
    row = session.scalar(_loose(scope_of(session)).where(RequestFile.key == key))
    if row is None:
        raise NotFound
    session.delete(row)
    session.commit()
    files.remove(row.stored)


def loose_files(session: Session, keys: Sequence[str], *, scanned: bool) -> list[FileView]:
    """The reader's own that no request has taken, of those keys, in the order of their coming."""
    wanted = _loose(scope_of(session)).where(RequestFile.key.in_(set(keys)))
    ordered = wanted.order_by(RequestFile.at, RequestFile.id)
    return [_view(row, scanned=scanned) for row in session.scalars(ordered)]


def files_of(session: Session, key: str, *, scanned: bool) -> dict[str, list[FileView]]:
    """What is attached to a request, by the message's key; under "" what came with the request.
    `scanned`: there is a scanner, so what it has not seen waits. Raises NotFound.
    """
    request = find_request(session, key)
    members = select(Request.id).where(
        (Request.id == request.id) | (Request.merged_into_id == request.id)
    )
    message = aliased(RequestMessage)
    rows = session.execute(
        select(RequestFile, message.key)
        .outerjoin(message, message.id == RequestFile.message_id)
        .where(RequestFile.request_id.in_(members))
        .where((RequestFile.request_id == request.id) | RequestFile.message_id.is_not(None))
        .order_by(RequestFile.at, RequestFile.id)
    )
    found: dict[str, list[FileView]] = {}
    for row, message_key in rows:
        found.setdefault(message_key or "", []).append(_view(row, scanned=scanned))
    return found


def find_file(session: Session, key: str, *, scanned: bool) -> str:
    """The file's key where the reader may fetch it: a request's, once the scanner has seen it, or
    their own. Raises NotFound.
    """
    scope = scope_of(session)
    may_read = scope.allows(Permission.REQUEST_READ) or scope.allows(Permission.REQUEST_DESK)
    row = session.execute(
        select(RequestFile.author_id, RequestFile.verdict, Request.id)
        .outerjoin(Request, (Request.id == RequestFile.request_id) & readable(session))
        .where(RequestFile.key == key)
    ).one_or_none()
    if row is None or not may_read or row.verdict == Verdict.REFUSED:
        raise NotFound
    own = scope.user_id is not None and row.author_id == scope.user_id
    seen = row.verdict == Verdict.CLEAN or not scanned
    if not own and (row.id is None or not seen):
        raise NotFound
    return key


def read_sent(session: Session, files: FileStore, key: str) -> Sent:
    """What `find_file` has shown the way to, in a session over all accounts. Raises NotFound."""
    row = session.scalar(select(RequestFile).where(RequestFile.key == key))
    content = None if row is None or row.verdict == Verdict.REFUSED else files.read(row.stored)
    if row is None or content is None:
        raise NotFound
    return Sent(row.name, row.media_type, content, Verdict(row.verdict))


def _picture(raw: bytes) -> bytes:
    try:
        return make_anew(raw, WITHIN, LARGEST).content
    except Invalid as failure:
        raise refusal(failure.code, failure.message) from None


def _check_writes(scope: Scope) -> None:
    writes = scope.allows(Permission.REQUEST_WRITE) or scope.allows(Permission.REQUEST_DESK)
    if scope.user_id is None or not writes:
        raise NotFound


def _account_id(session: Session, account: str, request: str) -> int:
    scope = scope_of(session)
    if scope.role.side == "customer":
        return scope.account_id
    if request:
        return find_request(session, request).account_id
    found = session.scalar(select(Account.id).where(Account.key == account))
    if found is None:
        raise NotFound
    return found


def _check_loose(session: Session) -> None:
    own = RequestFile.author_id == scope_of(session).user_id
    count = select(func.count(RequestFile.id)).where(own, RequestFile.request_id.is_(None))
    if (session.scalar(count) or 0) >= MOST_LOOSE:
        raise refusal("too-many-files", "Send what you have attached first, then attach more.")


def _loose(scope: Scope) -> Select[RequestFile]:
    own = RequestFile.author_id == scope.user_id
    return select(RequestFile).where(own, RequestFile.request_id.is_(None))


def _view(row: RequestFile, *, scanned: bool) -> FileView:
    refused = row.verdict == Verdict.REFUSED
    ready = not refused and (row.verdict == Verdict.CLEAN or not scanned)
    return FileView(row.key, row.name, row.media_type, row.size, ready, refused, row.at)
