"""Working copies of lessons that become what is read, with the course they belong to."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.audience import Audience
from portal.domain.course_file import MOST_LESSONS, LessonFile, LessonPlace, make_lesson, said_of
from portal.domain.errors import Conflict, Invalid
from portal.domain.knowledge import COURSE
from portal.domain.markdown_text import render
from portal.domain.page_text import PageText
from portal.models import CourseLesson, LessonDraft, LessonText
from portal.services.audit import record
from portal.services.knowledge_files import note_uses
from portal.services.knowledge_held import Held
from portal.services.knowledge_links import audiences, link_trouble
from portal.services.training.course_texts import course_of
from portal.services.training.lesson_copies import author_of, copy_fields
from portal.services.training.lesson_search import follow_lessons
from portal.services.training.lesson_texts import LessonWriting, fill_text
from portal.services.training.shape_going_live import hold_shaped, publish_shape
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class ReadyLesson:
    draft: LessonDraft
    file: LessonFile
    page: PageText


def hold_lessons(
    session: Session, held: Held, locales: Sequence[str], audience: Audience | None
) -> dict[str, str]:
    """What keeps the lessons of a course from being published in these languages, by "en: lesson";
    `audience` is who will read them, None where that is not right itself. Raises Conflict where
    something newer was published since a copy began.
    """
    if held.item.type != COURSE:
        return {}
    gone = hold_shaped(session, held)
    rows, texts = _rows(session, held), _texts(session, held)
    drafts = [one for one in _of(held, locales) if one.lesson_id not in gone]
    for draft in drafts:
        text = texts.get((draft.lesson_id, draft.locale))
        if draft.based_on != (text.revision if text else 0):
            raise Conflict(
                f"The lesson “{draft.title}” ({draft.locale}) has changed since this copy was "
                "begun. Compare both, then go on.",
                code="overtaken",
            )
    wrong: dict[str, str] = {}
    for draft in drafts:
        try:
            ready = _ready(held, draft, rows[draft.lesson_id])
        except Invalid as refusal:
            wrong[_name(draft, rows)] = refusal.message
        else:
            trouble = _trouble(session, held, ready, audience)
            wrong |= {_name(draft, rows): trouble} if trouble else {}
    if not drafts and all(lesson_id in gone for lesson_id, _ in texts):
        wrong |= {f"{one}: lessons": "A course has at least one lesson." for one in locales[:1]}
    return wrong


def publish_lessons(session: Session, held: Held, locales: Collection[str], number: int) -> None:
    """With what the languages share, within the caller's transaction; `number` is the hub's change
    number.
    """
    shaped = held.shape is not None
    removed = publish_shape(session, held)
    drafts = _of(held, locales)
    if not drafts and not shaped:
        return
    _publish_copies(session, held, drafts)
    course = course_of(session, held.item.slug)
    course.updated_at = scope_of(session).now
    follow_lessons(session, course, number, removed=removed)
    session.flush()
    note_uses(session, held.item.id)
    said = {"lessons": len(drafts), "order_and_quiz": shaped}
    record(session, "course.changed", "course", held.item.slug, **said)


def _publish_copies(session: Session, held: Held, drafts: Sequence[LessonDraft]) -> None:
    rows, texts, source = _rows(session, held), _texts(session, held), held.item.source_locale
    for draft in sorted(drafts, key=lambda one: one.locale != source):
        row, key = rows[draft.lesson_id], (draft.lesson_id, draft.locale)
        ready = _ready(held, draft, row)
        text = texts.setdefault(key, LessonText(lesson_id=row.id, locale=draft.locale, revision=0))
        origin = LessonWriting(author_of(session, draft), draft.origin, draft.based_on)
        fill_text(session, text, ready.file, ready.page.html, origin)
        text.source_revision = _agrees_with(draft, drafts, texts, source)
        row.minutes = ready.file.minutes
        held.lessons.remove(draft)
        session.delete(draft)
    for place, row in enumerate(rows.values(), 1):
        row.position = place


def _of(held: Held, locales: Collection[str]) -> list[LessonDraft]:
    return [one for one in held.lessons if one.locale in locales]


def _rows(session: Session, held: Held) -> dict[int, CourseLesson]:
    """In the order of the course."""
    wanted = (
        select(CourseLesson)
        .where(CourseLesson.course_id == held.item.id)
        .order_by(CourseLesson.position, CourseLesson.id)
    )
    return {row.id: row for row in session.scalars(wanted)}


def _texts(session: Session, held: Held) -> dict[tuple[int, str], LessonText]:
    wanted = (
        select(LessonText)
        .join(CourseLesson, CourseLesson.id == LessonText.lesson_id)
        .where(CourseLesson.course_id == held.item.id)
    )
    return {(text.lesson_id, text.locale): text for text in session.scalars(wanted)}


def _ready(held: Held, draft: LessonDraft, row: CourseLesson) -> ReadyLesson:
    """Raises Invalid."""
    place = LessonPlace(held.item.slug, min(row.position, MOST_LESSONS), row.slug, draft.locale)
    file = make_lesson(place, said_of(copy_fields(draft)), draft.body)
    return ReadyLesson(draft, file, render(file.body, draft.locale))


def _name(draft: LessonDraft, rows: dict[int, CourseLesson]) -> str:
    return f"{draft.locale}: {draft.title or rows[draft.lesson_id].slug}"


def _trouble(
    session: Session, held: Held, ready: ReadyLesson, audience: Audience | None
) -> str | None:
    if audience is None:
        return None
    known = audiences(session) | {held.item.slug: audience}
    return next(_troubles(ready.page.links, audience, known), None)


def _troubles(
    links: Sequence[str], audience: Audience, known: dict[str, Audience]
) -> Iterator[str]:
    for link in links:
        trouble = link_trouble(link, audience, known)
        if trouble:
            yield f"The link “{link[:80]}” {trouble}."


def _agrees_with(
    draft: LessonDraft,
    drafts: Sequence[LessonDraft],
    texts: dict[tuple[int, str], LessonText],
    source: str,
) -> int:
    """Published together with its source it agrees with that; the source itself with nothing."""
    if draft.locale == source:
        return 0
    together = any(one.lesson_id == draft.lesson_id and one.locale == source for one in drafts)
    text = texts.get((draft.lesson_id, source))
    return text.revision if together and text is not None else draft.source_revision
