"""Working copies of lessons, which go with that of their course: kept, thrown away."""

from typing import Any

from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.course_file import LESSON_KEYS, said_of
from portal.models import LessonDraft
from portal.services.knowledge_held import Held
from portal.services.knowledge_keeping import Author, Written, keep_lesson
from portal.services.knowledge_people import people
from portal.tenancy import scope_of


def copy_fields(draft: LessonDraft) -> dict[str, Any]:
    return {key: getattr(draft, key) for key in LESSON_KEYS}


def fill_copy(session: Session, draft: LessonDraft, fields: dict[str, Any], body: str) -> None:
    """Puts what a person wrote into the working copy, under a new token."""
    for key in LESSON_KEYS:
        setattr(draft, key, fields[key])
    draft.body, draft.token, draft.kept = body, new_key(), False
    draft.author_id, draft.saved_at = scope_of(session).user_id, scope_of(session).now
    session.add(draft)


def author_of(session: Session, draft: LessonDraft) -> Author:
    known = people(session, [draft.author_id])
    return Author(draft.author_id, known[draft.author_id].name if draft.author_id in known else "")


def keep_copy(session: Session, draft: LessonDraft, note: str = "") -> int:
    """A revision of what stands in the working copy, in the name of whoever wrote it."""
    written = Written(
        said_of(copy_fields(draft)),
        draft.body,
        draft.origin,
        author_of(session, draft),
        draft.based_on,
        note,
    )
    draft.kept = True
    return keep_lesson(session, draft.lesson_id, draft.locale, written)


def keep_lessons(session: Session, held: Held, locale: str) -> None:
    """Revisions of what stands in the language's working copies of lessons."""
    for draft in held.lessons:
        if draft.locale == locale and not draft.kept:
            keep_copy(session, draft)


def discard_lessons(session: Session, held: Held, locale: str) -> None:
    """They go with their course's working copy in the language; revisions keep what they said."""
    keep_lessons(session, held, locale)
    for draft in [one for one in held.lessons if one.locale == locale]:
        held.lessons.remove(draft)
        session.delete(draft)
