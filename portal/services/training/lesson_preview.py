"""A lesson that is being written as its readers would see it, and what it still lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.content_draft import tidy_body
from portal.domain.course_file import LessonPlace, make_lesson, said_of, tidy_lesson
from portal.domain.errors import Invalid
from portal.services.knowledge_preview import (
    Check,
    audience_of,
    dead_links,
    lost_images,
    shown_page,
)
from portal.services.training.course_shape import shape_of
from portal.services.training.lesson_drafts import find_row, hold_course


@dataclass(frozen=True, slots=True)
class LessonPreview:
    """`number` is its place in the course's draft; `fields` are what is right of those given."""

    number: int
    fields: dict[str, Any]
    html: str
    checks: list[Check]


def preview_lesson(  # noqa: PLR0917 # course, lesson, language, then what is typed
    session: Session, slug: str, lesson: str, locale: str, fields: Mapping[str, Any], body: str
) -> LessonPreview:
    """`fields` also where they are not right yet. Raises NotFound, Forbidden."""
    held = hold_course(session, slug, lock=False)
    row = find_row(session, held, lesson)
    said = _right(fields)
    page, checks = shown_page(locale, body)
    checks += lost_images(session, body)
    checks += [
        Check("missing", key) for key in _lacks(LessonPlace(slug, 1, lesson, locale), fields, body)
    ]
    checks += dead_links(session, slug, page, audience_of(held.shared))
    number = row.position
    if held.shape is not None:
        number = shape_of(session, held).order.index(lesson) + 1
    return LessonPreview(number, said, page.html, checks)


def _right(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong is left out."""
    try:
        return tidy_lesson(fields)
    except Invalid as refusal:
        return tidy_lesson({key: one for key, one in fields.items() if key not in refusal.fields})


def _lacks(place: LessonPlace, fields: Mapping[str, Any], body: str) -> Iterator[str]:
    try:
        make_lesson(place, said_of(fields), tidy_body(body))
    except Invalid as refusal:
        yield from refusal.fields
