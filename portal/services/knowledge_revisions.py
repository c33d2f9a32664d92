"""What was ever written of a text: listed, compared, and taken up again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.content_draft import tidy_fields
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.knowledge_workflow import Action
from portal.domain.permissions import Permission
from portal.domain.text_difference import Difference, compare_fields, compare_texts
from portal.models import KnowledgeItem, KnowledgeRevision, KnowledgeVersion
from portal.search.analysis import cut_chinese
from portal.services.audit import record
from portal.services.knowledge_drafts import Draft, draft_of, write_copy
from portal.services.knowledge_held import hold_item, keep_draft, may
from portal.services.knowledge_keeping import RESTORE, Revisions
from portal.tenancy import scope_of

DRAFT_NUMBER = 0
"""Stands for the working copy where a number of a revision is asked for."""


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """`current`: it is what is published."""

    number: int
    author: str
    at: datetime
    origin: str
    note: str
    title: str
    based_on: int
    current: bool


@dataclass(frozen=True, slots=True)
class Revision:
    line: RevisionLine
    fields: dict[str, Any]
    body: str


def list_revisions(session: Session, slug: str, locale: str) -> list[RevisionLine]:
    """The newest first. Raises NotFound, and Forbidden for those who do not write texts."""
    item_id, published = _item(session, slug, locale)
    rows = session.execute(
        select(*line_columns(KnowledgeRevision))
        .where(KnowledgeRevision.item_id == item_id, KnowledgeRevision.locale == locale)
        .order_by(KnowledgeRevision.number.desc())
    )
    return [revision_line(row, published) for row in rows]


def read_revision(session: Session, slug: str, locale: str, number: int) -> Revision:
    """Raises NotFound, Forbidden."""
    item_id, published = _item(session, slug, locale)
    row = session.execute(
        select(*line_columns(KnowledgeRevision), KnowledgeRevision.body).where(
            KnowledgeRevision.item_id == item_id,
            KnowledgeRevision.locale == locale,
            KnowledgeRevision.number == number,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Revision(revision_line(row, published), row.fields, row.body)


def compare(session: Session, slug: str, locale: str, one: int, other: int) -> Difference:
    """What leads from revision `one` to `other`; 0 stands for the working copy. Raises NotFound."""
    (before, old), (after, new) = (_said(session, slug, locale, number) for number in (one, other))
    return difference(before, old, after, new)


def difference(before: dict[str, Any], old: str, after: dict[str, Any], new: str) -> Difference:
    """Of two sets of fields and bodies; Chinese is cut into words as search cuts it."""
    return Difference(
        compare_fields(before, after, cut_chinese), compare_texts(old, new, cut_chinese)
    )


def restore(session: Session, slug: str, locale: str, number: int) -> Draft:
    """A working copy that says what the revision said; what stood in the copy is kept as a
    revision first. Raises NotFound, Forbidden, and Conflict in review. Commits.
    """
    taken = read_revision(session, slug, locale, number)
    held = hold_item(session, slug)
    if Action.EDIT not in may(session, held):
        raise Conflict("The text is in review: take it back first.", code="wrong-stage")
    present = held.drafts.get(locale)
    if present is not None and not present.kept:
        keep_draft(session, held, present)
    fields = tidy_fields(held.item.type, {**_stays(taken.fields), "type": held.item.type})
    draft = write_copy(session, held, locale, fields, taken.body)
    draft.based_on, draft.origin = held.published(locale), RESTORE
    keep_draft(session, held, draft, str(number))
    record(session, "knowledge.restored", "knowledge", slug, locale=locale, number=number)
    session.commit()
    return draft_of(session, held, locale)


def line_columns(model: Revisions) -> tuple[Any, ...]:
    """What `revision_line` reads."""
    return (
        model.number,
        model.author,
        model.at,
        model.origin,
        model.note,
        model.based_on,
        model.fields,
    )


def revision_line(row: Any, published: int) -> RevisionLine:
    return RevisionLine(
        number=row.number,
        author=row.author,
        at=row.at,
        origin=row.origin,
        note=row.note,
        title=row.fields.get("title", ""),
        based_on=row.based_on,
        current=row.number == published,
    )


def _stays(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "type"}


def _item(session: Session, slug: str, locale: str) -> tuple[int, int]:
    """(id, number of the revision that is published, 0 for none)"""
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    row = session.execute(
        select(KnowledgeItem.id, KnowledgeVersion.revision)
        .outerjoin(
            KnowledgeVersion,
            (KnowledgeVersion.item_id == KnowledgeItem.id) & (KnowledgeVersion.locale == locale),
        )
        .where(KnowledgeItem.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.id, row.revision or 0


def _said(session: Session, slug: str, locale: str, number: int) -> tuple[dict[str, Any], str]:
    if number != DRAFT_NUMBER:
        found = read_revision(session, slug, locale, number)
        return found.fields, found.body
    held = hold_item(session, slug, lock=False)
    if locale not in held.drafts:
        raise NotFound
    fields = {key: value for key, value in held.fields(locale).items() if value}
    return fields, held.body(locale)
