"""Attached files at the door: what a form brought, and links that work for a moment without a
session.
"""

from collections.abc import Sequence

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.domain.errors import NotFound
from portal.domain.request_files import LARGEST, MOST, refusal
from portal.services.file_store import FileStore
from portal.services.requests.files import FileView, loose_files, store_file, take_in
from portal.services.virus_scan import Scanner
from portal.web.guards import db
from portal.web.state import state

LARGEST_FORM = MOST * LARGEST + 1024 * 1024
"""For `takes` on a view whose form has the field of files (requests/_files.html)."""
SECONDS = 300
SENT, KEPT = "files", "file"


def request_files() -> FileStore:
    return FileStore(state().settings.request_files)


def scanner() -> Scanner:
    return Scanner(state().settings.scanner_url)


def kept_keys() -> list[str]:
    """Keys of the files that were sent before the form was."""
    return request.form.getlist(KEPT)[:MOST]


def sent_files(*, account: str = "", request_key: str = "") -> list[str]:
    """The keys of all files of the form: those sent before, and those that came with it, which are
    kept now. Vendor's people name the account or the request. Raises Invalid (member "files").
    """
    found = [one for one in request.files.getlist(SENT) if one.filename]
    keys = kept_keys()
    if len(keys) + len(found) > MOST:
        raise refusal("too-many-files", f"Attach at most {MOST} files.")
    # All of them are looked at before one is kept.
    taken = [take_in(one.filename or "", one.stream.read(LARGEST + 1), scanner()) for one in found]
    for sent in taken:
        store = request_files()
        keys.append(store_file(db(), store, sent, account=account, request=request_key))
    return keys


def shown_files(keys: Sequence[str]) -> list[FileView]:
    """For `files_field`: those of the keys that are the reader's own and loose."""
    return loose_files(db(), keys, scanned=scanner().there) if keys else []


def make_token(key: str) -> str:
    return str(_signer().dumps(key))


def read_token(token: str) -> str:
    """The file's key. Raises NotFound for a link that is too old, or none of ours."""
    try:
        return str(_signer().loads(token, max_age=SECONDS))
    except BadSignature:
        raise NotFound from None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="request file")
