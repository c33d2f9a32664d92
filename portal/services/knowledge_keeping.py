"""Adding to what is kept for ever: revisions, within the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.content_file import write_fields
from portal.models import KnowledgeRevision
from portal.tenancy import scope_of

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
    newest = session.execute(
        select(KnowledgeRevision.number, KnowledgeRevision.digest)
        .where(KnowledgeRevision.item_id == item_id, KnowledgeRevision.locale == locale)
        .order_by(KnowledgeRevision.number.desc())
        .limit(1)
    ).first()
    if newest is not None and newest.digest == written.digest:
        return int(newest.number)
    number = 1 if newest is None else newest.number + 1
    session.add(_row(session, item_id, locale, number, written))
    session.flush()
    return int(number)


def _row(
    session: Session, item_id: int, locale: str, number: int, written: Written
) -> KnowledgeRevision:
    return KnowledgeRevision(
        item_id=item_id,
        locale=locale,
        number=number,
        author_id=written.author.id,
        author=written.author.name,
        at=scope_of(session).now,
        fields=dict(written.fields),
        body=written.body,
        digest=written.digest,
        based_on=written.based_on,
        origin=written.origin,
        note=written.note[:500],
    )
