"""What lessons bring along, at the door: what a form brought, and links that work for some hours
without a session.
"""

from collections.abc import Iterator

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

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


def sent_parts(form: PageForm) -> dict[str, str]:
    """Addresses of the video, captions and file that came with a lesson's form, kept now. Raises
    Invalid, whose field is the part.
    """
    # All of them are looked at before one is kept.
    taken = [(part, raw, ending_for(part, raw)) for part, raw in _sent(form)]
    return {
        part: file_address(store_media(db(), file_store(), raw, ending))
        for part, raw, ending in taken
    }


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


def _sent(form: PageForm) -> Iterator[tuple[str, bytes]]:
    for part in PARTS:
        sent = form[f"send_{part}"].data
        if sent:
            raw = sent.stream.read(LARGEST_VIDEO + 1)
            if scanner().look(raw) is Verdict.REFUSED:
                words = "The virus scanner holds this file for harmful."
                raise Invalid(words, code="file-harmful", fields={part: words})
            yield part, raw


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="lesson file")
