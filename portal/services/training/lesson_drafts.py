"""Working copies of lessons: begun, opened, saved by several people without losing anything."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.content_draft import tidy_body, tidy_fields
from portal.domain.course_file import LESSON_WORDS, MOST_LESSONS, tidy_lesson
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.knowledge import COURSE, LESSON, LONGEST_SLUG
from portal.domain.knowledge_workflow import Action
from portal.locales import LOCALES
from portal.models import CourseLesson, LessonDraft, LessonText
from portal.services.audit import record
from portal.services.knowledge_drafts import Draft, DraftInput, EditConflict, write_copy
from portal.services.knowledge_held import Held, hold_item, may, touch
from portal.services.knowledge_keeping import WEB
from portal.services.knowledge_people import people
from portal.services.training.course_texts import course_of
from portal.services.training.lesson_copies import copy_fields, fill_copy, keep_copy
from portal.tenancy import scope_of

USUAL_MINUTES = 5


def hold_course(session: Session, slug: str, *, lock: bool = True) -> Held:
    """As hold_item; raises NotFound for what is no course, too."""
    held = hold_item(session, slug, lock=lock)
    if held.item.type != COURSE:
        raise NotFound
    return held


def hold_writing(session: Session, held: Held) -> None:
    """Raises Conflict where the stage of the course allows no writing."""
    if Action.EDIT not in may(session, held):
        raise Conflict("The text is in review: take it back first.", code="wrong-stage")


def start_lesson(session: Session, slug: str, locale: str, title: str) -> str:
    """Begins a lesson at the end of the course that nobody but its writers sees; its name, made of
    the title. Raises Invalid by key, and Conflict in review. Commits.
    """
    held = hold_course(session, slug)
    hold_writing(session, held)
    fields = tidy_lesson({"title": title, "minutes": USUAL_MINUTES})
    if not fields["title"]:
        raise Invalid("The lesson lacks a title.", fields={"title": "This key is missing."})
    row = _new_row(session, held, fields["title"])
    draft = LessonDraft(lesson_id=row.id, locale=locale, origin=WEB)
    write_lesson_copy(session, held, draft, fields, "")
    record(session, "course.lesson-started", "course", slug, lesson=row.slug, locale=locale)
    session.commit()
    return row.slug


def open_lesson(session: Session, slug: str, lesson: str, locale: str) -> Draft:
    """The lesson's working copy as a Draft whose `slug` and `type` are the lesson's; its stage, its
    reviewer and what may be done are its course's. Raises NotFound, Forbidden.
    """
    held = hold_course(session, slug, lock=False)
    return lesson_draft_of(session, held, find_row(session, held, lesson), locale)


def save_lesson(  # noqa: PLR0917 # course, lesson, language, then as save_draft
    session: Session, slug: str, lesson: str, locale: str, given: DraftInput, token: str
) -> Draft:
    """As save_draft. Raises EditConflict, Invalid by key, and Conflict in review. Commits."""
    held = hold_course(session, slug)
    row = find_row(session, held, lesson)
    now = lesson_draft_of(session, held, row, locale)
    hold_writing(session, held)
    fields, body = tidy_lesson({**now.fields, **given.fields}), tidy_body(given.body)
    same = (fields, body) == (now.fields, now.body)
    if token != now.token and not (same and now.saved_at is not None):
        raise EditConflict(now)
    if not same or (now.saved_at is not None and not given.autosave):
        draft = copy_to_write(held, row, locale, now)
        if draft.id is not None and not draft.kept and draft.author_id != scope_of(session).user_id:
            keep_copy(session, draft)
        write_lesson_copy(session, held, draft, fields, body)
        if not given.autosave:
            # Whoever saves it by hand has been told of what was published meanwhile.
            draft.based_on = now.published
            draft.origin = WEB
            keep_copy(session, draft, given.note)
    session.commit()
    return lesson_draft_of(session, held, row, locale)


def discard_lesson(session: Session, slug: str, lesson: str, locale: str) -> bool:
    """Throws the working copy in one language away; a revision keeps what it said. True where the
    lesson goes with it, as it was never read and stands in no other language. Raises NotFound
    where there is no copy, Conflict in review. Commits.
    """
    held = hold_course(session, slug)
    row = find_row(session, held, lesson)
    hold_writing(session, held)
    draft = _copy_of(held, row, locale)
    if draft is None:
        raise NotFound
    if not draft.kept:
        keep_copy(session, draft)
    session.delete(draft)
    held.lessons.remove(draft)
    texts = session.scalar(select(LessonText.id).where(LessonText.lesson_id == row.id).limit(1))
    is_last = texts is None and not any(one.lesson_id == row.id for one in held.lessons)
    if is_last:
        session.flush()
        session.delete(row)
    drop_idle_copy(session, held, locale)
    record(session, "course.lesson-discarded", "course", slug, lesson=lesson, locale=locale)
    session.commit()
    return is_last


def drop_idle_copy(session: Session, held: Held, locale: str) -> None:
    """The course's own working copy goes where it says what is read, and no lesson needs it, nor
    what the languages share, which is published with one of them.
    """
    copy, version = held.drafts.get(locale), held.versions.get(locale)
    if copy is None or version is None or any(one.locale == locale for one in held.lessons):
        return
    if held.shape is not None and len(held.drafts) == 1:
        return
    mine = tidy_fields(COURSE, held.fields(locale)), copy.body
    read = tidy_fields(COURSE, held.stored_fields(locale)), version.body
    if mine != read:
        return
    session.delete(held.drafts.pop(locale))
    if not held.drafts and held.work is not None:
        session.delete(held.work)
        held.work = None


def lesson_draft_of(session: Session, held: Held, row: CourseLesson, locale: str) -> Draft:
    if locale not in LOCALES:
        raise NotFound
    draft, texts = _copy_of(held, row, locale), _texts(session, row)
    text, source = texts.get(locale), texts.get(held.item.source_locale)
    known = people(session, [draft.author_id if draft else None, _reviewer_id(held)])
    editor = known.get(draft.author_id or 0) if draft else None
    reviewer = known.get(_reviewer_id(held) or 0)
    shown = draft or text
    published = text.revision if text else 0
    return Draft(
        slug=row.slug,
        type=LESSON,
        locale=locale,
        fields=_fields(held, row, draft, text),
        body=shown.body if shown else "",
        token=f"{draft.token if draft else ''}.r{published}",
        state=held.stage,
        item_state=held.item.state,
        based_on=draft.based_on if draft else published,
        published=published,
        source_locale=held.item.source_locale,
        source_revision=shown.source_revision if shown else 0,
        source_published=source.revision if source else 0,
        saved_at=draft.saved_at if draft else None,
        editor_key=editor.key if editor else "",
        editor=editor.name if editor else "",
        reviewer_key=reviewer.key if reviewer else "",
        reviewer=reviewer.name if reviewer else "",
        publish_at=held.work.publish_at if held.work else None,
        reason=held.work.reason if held.work else "",
        seen=held.seen,
        locales=tuple(one for one in LOCALES if _copy_of(held, row, one) is not None),
        published_locales=tuple(one for one in LOCALES if one in texts),
        may=may(session, held),
    )


def find_row(session: Session, held: Held, lesson: str) -> CourseLesson:
    """Raises NotFound."""
    found = session.scalars(
        select(CourseLesson).where(
            CourseLesson.course_id == held.item.id, CourseLesson.slug == lesson
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lesson_rows(
    session: Session, held: Held, row: CourseLesson, locale: str
) -> list[LessonDraft | LessonText]:
    """What there is of it in the language: the working copy, and what is read."""
    found = [_copy_of(held, row, locale), _texts(session, row).get(locale)]
    return [one for one in found if one is not None]


def _fields(
    held: Held, row: CourseLesson, draft: LessonDraft | None, text: LessonText | None
) -> dict[str, object]:
    if draft is not None:
        return copy_fields(draft)
    words = {key: getattr(text, key) if text else "" for key in LESSON_WORDS}
    others = [one.minutes for one in held.lessons if one.lesson_id == row.id]
    return {**words, "minutes": others[0] if others else row.minutes}


def _texts(session: Session, row: CourseLesson) -> dict[str, LessonText]:
    wanted = select(LessonText).where(LessonText.lesson_id == row.id)
    return {one.locale: one for one in session.scalars(wanted)}


def _reviewer_id(held: Held) -> int | None:
    return held.work.reviewer_id if held.work else None


def _copy_of(held: Held, row: CourseLesson, locale: str) -> LessonDraft | None:
    mine = (one for one in held.lessons if (one.lesson_id, one.locale) == (row.id, locale))
    return next(mine, None)


def copy_to_write(held: Held, row: CourseLesson, locale: str, now: Draft) -> LessonDraft:
    """The working copy, or a new one of what is read."""
    present = _copy_of(held, row, locale)
    if present is not None:
        return present
    is_source = locale == held.item.source_locale
    agrees = now.source_revision if now.published else now.source_published
    return LessonDraft(
        lesson_id=row.id,
        locale=locale,
        based_on=now.published,
        source_revision=0 if is_source else agrees,
        origin=WEB,
    )


def write_lesson_copy(
    session: Session, held: Held, draft: LessonDraft, fields: dict[str, object], body: str
) -> None:
    """With a working copy of the course in the language, with which it is published."""
    fill_copy(session, draft, fields, body)
    if draft not in held.lessons:
        held.lessons.append(draft)
    for other in held.lessons:
        if other.lesson_id == draft.lesson_id:
            other.minutes = draft.minutes
    if draft.locale not in held.drafts:
        course = tidy_fields(COURSE, held.fields(draft.locale))
        write_copy(session, held, draft.locale, course, held.body(draft.locale))
    touch(session, held)
    session.flush()


def _new_row(session: Session, held: Held, title: str) -> CourseLesson:
    course = course_of(session, held.item.slug)
    taken = session.execute(
        select(CourseLesson.slug, CourseLesson.position).where(
            CourseLesson.course_id == held.item.id
        )
    ).all()
    if len(taken) >= MOST_LESSONS:
        raise Invalid(f"A course has at most {MOST_LESSONS} lessons.", code="too-many-lessons")
    number = max((one.position for one in taken), default=0) + 1
    row = CourseLesson(
        course_id=course.item_id,
        slug=_free_name(title, {one.slug for one in taken}, number),
        position=number,
        minutes=USUAL_MINUTES,
    )
    session.add(row)
    session.flush()
    return row


def _free_name(title: str, taken: set[str], number: int) -> str:
    """Find the step → find-the-step; of a title without Latin letters lesson-3."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[: LONGEST_SLUG - 4].strip("-")
    name = plain or f"lesson-{number}"
    tries = (name if count == 1 else f"{name}-{count}" for count in range(1, len(taken) + 3))
    return next(one for one in tries if one not in taken)
