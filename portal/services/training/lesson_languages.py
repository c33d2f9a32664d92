"""The languages of a lesson: what is missing, what is outdated and since when, what agrees."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.course_file import LESSON_WORDS
from portal.domain.errors import Conflict, NotFound
from portal.domain.text_sections import beside
from portal.locales import LOCALES
from portal.models import CourseLesson, LessonRevision
from portal.services.audit import record
from portal.services.knowledge_held import Held
from portal.services.knowledge_languages import (
    CURRENT,
    SOURCE,
    LanguageState,
    SideBySide,
    source_changes,
    translation_state,
)
from portal.services.training.lesson_drafts import (
    find_row,
    hold_course,
    lesson_draft_of,
    lesson_rows,
)


def lesson_states(session: Session, slug: str, lesson: str) -> list[LanguageState]:
    """The source first. Raises NotFound, and Forbidden for those who do not write texts."""
    held = hold_course(session, slug, lock=False)
    row, source = find_row(session, held, lesson), held.item.source_locale
    order = [source, *(one for one in LOCALES if one != source)]
    return [_state(session, held, row, locale) for locale in order]


def lesson_side_by_side(session: Session, slug: str, lesson: str, locale: str) -> SideBySide:
    """Raises NotFound, also for the source itself."""
    held = hold_course(session, slug, lock=False)
    row = find_row(session, held, lesson)
    if locale not in LOCALES or locale == held.item.source_locale:
        raise NotFound
    source = lesson_draft_of(session, held, row, held.item.source_locale)
    target = lesson_draft_of(session, held, row, locale)
    said = [(key, source.fields[key], target.fields[key]) for key in LESSON_WORDS]
    return SideBySide(
        source=source,
        target=target,
        state=_state(session, held, row, locale),
        fields=[one for one in said if one[1] or one[2]],
        pairs=beside(source.body, target.body),
    )


def mark_lesson_current(session: Session, slug: str, lesson: str, locale: str) -> None:
    """Says that the translation agrees with the source as it is read now. Raises NotFound where
    there is no translation, Conflict where the source is not published yet. Commits.
    """
    held = hold_course(session, slug)
    row = find_row(session, held, lesson)
    source = lesson_draft_of(session, held, row, held.item.source_locale).published
    rows = lesson_rows(session, held, row, locale)
    if not rows or locale == held.item.source_locale:
        raise NotFound
    if not source:
        raise Conflict("The source is not published yet.", code="wrong-stage")
    for one in rows:
        one.source_revision = source
    action = "course.lesson-current"
    record(session, action, "course", slug, lesson=lesson, locale=locale, source=source)
    session.commit()


def _state(session: Session, held: Held, row: CourseLesson, locale: str) -> LanguageState:
    draft = lesson_draft_of(session, held, row, locale)
    is_copy, is_read = draft.saved_at is not None, draft.published > 0
    state = SOURCE if locale == draft.source_locale else CURRENT
    text = {"lesson_id": row.id, "locale": draft.source_locale}
    return translation_state(
        LanguageState(locale, state, copy=is_copy, published=is_read),
        draft.source_revision if is_copy or is_read else None,
        draft.source_published,
        partial(source_changes, session, LessonRevision, text, _own),
    )


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: fields[key] for key in LESSON_WORDS if key in fields}
