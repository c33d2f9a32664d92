"""Adding to what is kept for ever: revisions, within the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.content_file import write_fields
from portal.models import KnowledgeRevision, LessonRevision
from portal.tenancy import scope_of

Revisions = type[KnowledgeRevision] | type[LessonRevision]
WEB, FILE, RESTORE, CONVERTED = "web", "file", "restore", "converted"


@dataclass(frozen=True, slots=True)
class Author:
    """`id` is None for machines; `name` as the audit log would have it."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Written:
    """`fields` as ContentFile.fields gives them; what is empty in a working copy is left out."""

    fields: Mapping[str, Any]
    body: str
    origin: str
    author: Author
    based_on: int = 0
    note: str = ""

    @property
    def digest(self) -> str:
        return digest_of(self.fields, self.body)


def digest_of(fields: Mapping[str, Any], body: str) -> str:
    """SHA-256 of the text as a file."""
    return sha256(write_fields(fields, body).encode("utf-8", "surrogatepass")).hexdigest()


def actor(session: Session) -> Author:
    scope = scope_of(session)
    return Author(scope.user_id, (scope.actor or scope.origin)[:254])


def keep(session: Session, item_id: int, locale: str, written: Written) -> int:
    """The number of the new revision, or of the newest one where it says the same."""
    text = {"item_id": item_id, "locale": locale}
    return _keep(session, KnowledgeRevision, text, written, written.digest)


def keep_lesson(session: Session, lesson_id: int, locale: str, written: Written) -> int:
    """As `keep`; `fields` as LessonFile.fields gives them."""
    said = (sorted(written.fields.items()), written.body)
    digest = sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()
    text = {"lesson_id": lesson_id, "locale": locale}
    return _keep(session, LessonRevision, text, written, digest)


def _keep(
    session: Session, model: Revisions, text: Mapping[str, Any], written: Written, digest: str
) -> int:
    newest = session.execute(
        select(model.number, model.digest).filter_by(**text).order_by(model.number.desc()).limit(1)
    ).first()
    if newest is not None and newest.digest == digest:
        return int(newest.number)
    number = 1 if newest is None else newest.number + 1
    kept = model(
        **text,
        number=number,
        author_id=written.author.id,
        author=written.author.name,
        at=scope_of(session).now,
        fields=dict(written.fields),
        body=written.body,
        digest=digest,
        based_on=written.based_on,
        origin=written.origin,
        note=written.note[:500],
    )
    session.add(kept)
    session.flush()
    return int(number)
