"""What lessons bring along, at the door: what a form brought, and links that work for some hours
without a session.
"""

from collections.abc import Iterator

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.domain.errors import Invalid, NotFound
from portal.domain.knowledge_files import file_address
from portal.domain.lesson_files import LARGEST_VIDEO, PARTS, ending_for
from portal.domain.request_files import LARGEST
from portal.services.knowledge_files import find_media, store_media
from portal.services.virus_scan import Verdict
from portal.web.files import file_store
from portal.web.forms import PageForm
from portal.web.guards import db
from portal.web.request_files import scanner

LARGEST_LESSON = LARGEST_VIDEO + LARGEST + 4 * 1024 * 1024
"""For `takes`: a video, its captions, a file and the text."""
SECONDS = 6 * 3600


def keep_sent_parts(form: PageForm) -> None:
    """The video, captions and file that came with a lesson's form are kept now and their addresses
    stand in the form, so that nobody has to send them again where another field is refused. Raises
    Invalid, whose field is the part, once those that are right are kept.
    """
    refused = []
    for part, sent in _sent(form):
        try:
            raw, ending = _looked_at(part, sent)
        except Invalid as refusal:
            refused.append(refusal)
        else:
            form[part].data = file_address(store_media(db(), file_store(), raw, ending))
    if refused:
        raise refused[0]


def media_token(session: Session, key: str) -> str:
    """For who may read a lesson that brings it along. Raises NotFound."""
    return str(_signer().dumps([key, find_media(session, key)]))


def read_media_token(token: str) -> tuple[str, str]:
    """Key and name. Raises NotFound for a link that is too old, or none of ours."""
    try:
        key, name = _signer().loads(token, max_age=SECONDS)
    except BadSignature:
        raise NotFound from None
    return str(key), str(name)


def _sent(form: PageForm) -> Iterator[tuple[str, FileStorage]]:
    for part in PARTS:
        sent = form[f"send_{part}"].data
        if sent:
            yield part, sent


def _looked_at(part: str, sent: FileStorage) -> tuple[bytes, str]:
    """(content, ending). Raises Invalid."""
    raw = sent.stream.read(LARGEST_VIDEO + 1)
    if scanner().look(raw) is Verdict.REFUSED:
        words = "The virus scanner holds this file for harmful."
        raise Invalid(words, code="file-harmful", fields={part: words})
    return raw, ending_for(part, raw)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="lesson file")
