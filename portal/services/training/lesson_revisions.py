"""What was ever written of a lesson: listed, compared, and taken up again, as of any text."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.course_file import said_of, tidy_lesson
from portal.domain.errors import NotFound
from portal.domain.text_difference import Difference
from portal.models import LessonRevision
from portal.services.audit import record
from portal.services.knowledge_drafts import Draft
from portal.services.knowledge_keeping import RESTORE
from portal.services.knowledge_revisions import (
    DRAFT_NUMBER,
    Revision,
    RevisionLine,
    difference,
    line_columns,
    revision_line,
)
from portal.services.training.lesson_copies import keep_copy
from portal.services.training.lesson_drafts import (
    copy_to_write,
    find_row,
    hold_course,
    hold_writing,
    lesson_draft_of,
    open_lesson,
    write_lesson_copy,
)


def list_lesson_revisions(
    session: Session, slug: str, lesson: str, locale: str
) -> list[RevisionLine]:
    """The newest first. Raises NotFound, and Forbidden for those who do not write texts."""
    draft, lesson_id = open_lesson(session, slug, lesson, locale), _lesson_id(session, slug, lesson)
    rows = session.execute(
        select(*line_columns(LessonRevision))
        .where(LessonRevision.lesson_id == lesson_id, LessonRevision.locale == locale)
        .order_by(LessonRevision.number.desc())
    )
    return [revision_line(row, draft.published) for row in rows]


def read_lesson_revision(
    session: Session, slug: str, lesson: str, locale: str, number: int
) -> Revision:
    """Raises NotFound, Forbidden."""
    row = session.execute(
        select(*line_columns(LessonRevision), LessonRevision.body).where(
            LessonRevision.lesson_id == _lesson_id(session, slug, lesson),
            LessonRevision.locale == locale,
            LessonRevision.number == number,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    published = open_lesson(session, slug, lesson, locale).published
    return Revision(revision_line(row, published), row.fields, row.body)


def compare_lessons(  # noqa: PLR0917 # course, lesson, language, then the two
    session: Session, slug: str, lesson: str, locale: str, one: int, other: int
) -> Difference:
    """What leads from revision `one` to `other`; 0 stands for the working copy. Raises NotFound."""
    (before, old), (after, new) = (
        _said(session, slug, lesson, locale, number) for number in (one, other)
    )
    return difference(before, old, after, new)


def restore_lesson(session: Session, slug: str, lesson: str, locale: str, number: int) -> Draft:
    """A working copy that says what the revision said; what stood in the copy is kept as a
    revision first. Raises NotFound, Forbidden, and Conflict in review. Commits.
    """
    taken = read_lesson_revision(session, slug, lesson, locale, number)
    held = hold_course(session, slug)
    hold_writing(session, held)
    row = find_row(session, held, lesson)
    now = lesson_draft_of(session, held, row, locale)
    copy = copy_to_write(held, row, locale, now)
    if now.saved_at is not None and not copy.kept:
        keep_copy(session, copy)
    write_lesson_copy(session, held, copy, tidy_lesson(taken.fields), taken.body)
    copy.based_on, copy.origin = now.published, RESTORE
    keep_copy(session, copy, str(number))
    action = "course.lesson-restored"
    record(session, action, "course", slug, lesson=lesson, locale=locale, number=number)
    session.commit()
    return lesson_draft_of(session, held, row, locale)


def _lesson_id(session: Session, slug: str, lesson: str) -> int:
    return find_row(session, hold_course(session, slug, lock=False), lesson).id


def _said(
    session: Session, slug: str, lesson: str, locale: str, number: int
) -> tuple[dict[str, Any], str]:
    if number != DRAFT_NUMBER:
        found = read_lesson_revision(session, slug, lesson, locale, number)
        return found.fields, found.body
    draft = open_lesson(session, slug, lesson, locale)
    if draft.saved_at is None:
        raise NotFound
    return said_of(draft.fields), draft.body
