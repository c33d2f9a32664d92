"""Building a course on the web: its rules and lessons. The door asks whether one may write."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.course_file import MOST_LESSONS, LessonFile, LessonPlace, make_lesson
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.knowledge import COURSE, LONGEST_SLUG
from portal.domain.markdown_text import render
from portal.domain.quizzes import MOST_ATTEMPTS, MOST_MONTHS
from portal.models import (
    Course,
    CourseLesson,
    CourseQuestion,
    KnowledgeItem,
    KnowledgeVersion,
    LessonText,
)
from portal.services.audit import record
from portal.services.knowledge_files import note_uses
from portal.services.knowledge_texts import raise_change
from portal.services.training.course_texts import course_of, fill_text, lesson_file
from portal.services.training.courses import nearest
from portal.services.training.lesson_search import follow_lessons
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class BuilderLine:
    """A lesson or a question in the builder; `key` names it. `kind` and `minutes` are of the one
    and of the other.
    """

    key: str
    number: int
    words: str
    locales: tuple[str, ...]
    minutes: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Builder:
    slug: str
    title: str
    locale: str
    state: str
    pass_mark: int
    attempts: int
    valid_months: int
    lessons: list[BuilderLine]
    questions: list[BuilderLine]


@dataclass(frozen=True, slots=True)
class LessonDesk:
    """A lesson to be edited in one language. `file` is None in a language that it lacks; `revision`
    0 then. `model`: the nearest language that it has, to translate from.
    """

    slug: str
    file: LessonFile | None
    model: LessonFile | None
    revision: int
    html: str
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonEdit:
    """What was typed in one language; `values` as front matter has them. `revision` is the one that
    was edited, 0 where the lesson did not stand in this language.
    """

    locale: str
    values: dict[str, Any]
    body: str
    revision: int


def read_builder(session: Session, slug: str) -> Builder:
    """Raises NotFound where there is no such course, in whatever state."""
    item = find_item(session, slug)
    locale = scope_of(session).locale
    titles = {
        row.locale: row.title
        for row in session.execute(
            select(KnowledgeVersion.locale, KnowledgeVersion.title).where(
                KnowledgeVersion.item_id == item.id
            )
        )
    }
    shown = nearest(locale, titles) if titles else locale
    rules = session.get(Course, item.id) or Course(pass_mark=80, attempts=3, valid_months=24)
    return Builder(
        slug=slug,
        title=titles.get(shown, slug),
        locale=shown,
        state=item.state,
        pass_mark=rules.pass_mark,
        attempts=rules.attempts,
        valid_months=rules.valid_months,
        lessons=_lesson_lines(session, item.id, locale),
        questions=_question_lines(session, item.id, locale),
    )


def save_rules(
    session: Session, slug: str, *, pass_mark: int, attempts: int, valid_months: int
) -> None:
    """Raises Invalid by field. An attempt under way counts no more once the mark has changed."""
    given = {"pass_mark": pass_mark, "attempts": attempts, "valid_months": valid_months}
    most = {"pass_mark": 100, "attempts": MOST_ATTEMPTS, "valid_months": MOST_MONTHS}
    least = {"pass_mark": 1, "attempts": 0, "valid_months": 0}
    wrong = {name: "" for name, value in given.items() if not least[name] <= value <= most[name]}
    if wrong:
        raise Invalid("This is out of range.", code="out-of-range", fields=wrong)
    find_item(session, slug)
    course = course_of(session, slug)
    if course.pass_mark != pass_mark:
        course.revision += 1
    course.pass_mark, course.attempts, course.valid_months = pass_mark, attempts, valid_months
    note_change(session, course, slug, "rules")
    session.commit()


def lesson_desk(session: Session, slug: str, lesson: str, locale: str) -> LessonDesk:
    """Raises NotFound."""
    row = _find_lesson(session, slug, lesson)
    texts = {
        one.locale: one
        for one in session.scalars(select(LessonText).where(LessonText.lesson_id == row.id))
    }
    text = texts.get(locale)
    model = texts[nearest(locale, texts)] if texts and text is None else None
    return LessonDesk(
        slug=lesson,
        file=lesson_file(slug, row, text) if text else None,
        model=lesson_file(slug, row, model) if model else None,
        revision=text.revision if text else 0,
        html=text.html if text else "",
        locales=tuple(sorted(texts)),
    )


def add_lesson(session: Session, slug: str, locale: str, values: dict[str, Any], body: str) -> str:
    """The new lesson's name, made of its title. Raises Invalid by key."""
    item = find_item(session, slug)
    taken = session.execute(
        select(CourseLesson.slug, CourseLesson.position).where(CourseLesson.course_id == item.id)
    ).all()
    if len(taken) >= MOST_LESSONS:
        raise Invalid(f"A course has at most {MOST_LESSONS} lessons.", code="too-many-lessons")
    number = max((one.position for one in taken), default=0) + 1
    name = _free_name(str(values.get("title") or ""), {one.slug for one in taken}, number)
    file = make_lesson(LessonPlace(slug, min(number, MOST_LESSONS), name, locale), values, body)
    page = render(file.body, locale)
    change, course = raise_change(session), course_of(session, slug)
    row = CourseLesson(
        course_id=course.item_id, slug=name, position=file.number, minutes=file.minutes
    )
    session.add(row)
    session.flush()
    text = LessonText(lesson_id=row.id, locale=locale, revision=0)
    fill_text(session, text, file, page.html)
    follow_lessons(session, course, change)
    note_change(session, course, slug, "lesson")
    session.commit()
    return name


def save_lesson(session: Session, slug: str, lesson: str, edit: LessonEdit) -> None:
    """Raises Invalid by key, and Conflict (edited-meanwhile) where the lesson is at another
    revision than the one that was edited.
    """
    locale, row = edit.locale, _find_lesson(session, slug, lesson)
    change, course = raise_change(session), course_of(session, slug)
    text = session.scalars(
        select(LessonText)
        .where(LessonText.lesson_id == row.id, LessonText.locale == locale)
        .with_for_update()
    ).one_or_none()
    if (text.revision if text else 0) != edit.revision:
        raise Conflict(
            "Somebody else has saved this lesson in the meantime.", code="edited-meanwhile"
        )
    file = make_lesson(LessonPlace(slug, row.position, lesson, locale), edit.values, edit.body)
    html = render(file.body, locale).html
    row.minutes = file.minutes
    fill_text(session, text or LessonText(lesson_id=row.id, locale=locale, revision=0), file, html)
    follow_lessons(session, course, change)
    note_change(session, course, slug, "lesson")
    session.commit()


def move_lesson(session: Session, slug: str, lesson: str, step: int) -> None:
    """One place up (-1) or down (1); at the end it stays."""
    row = _find_lesson(session, slug, lesson)
    rows = session.scalars(
        select(CourseLesson)
        .where(CourseLesson.course_id == row.course_id)
        .order_by(CourseLesson.position, CourseLesson.id)
    ).all()
    _place(shift(rows, row, step))
    note_change(session, course_of(session, slug), slug, "order")
    session.commit()


def remove_lesson(session: Session, slug: str, lesson: str) -> None:
    """With all its languages, and with what people have done of it."""
    row = _find_lesson(session, slug, lesson)
    change, course = raise_change(session), course_of(session, slug)
    session.delete(row)
    follow_lessons(session, course, change, removed=True)
    note_change(session, course, slug, "lesson removed")
    session.commit()


def find_item(session: Session, slug: str) -> KnowledgeItem:
    """The course's item, in whatever state. Raises NotFound."""
    found = session.scalars(
        select(KnowledgeItem).where(KnowledgeItem.slug == slug, KnowledgeItem.type == COURSE)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def shift(rows: Sequence[Any], row: Any, step: int) -> list[Any]:
    """The rows with this one a place further up (-1) or down (1)."""
    ordered = list(rows)
    at = ordered.index(row)
    to = min(max(at + step, 0), len(ordered) - 1)
    ordered.insert(to, ordered.pop(at))
    return ordered


def note_change(session: Session, course: Course, slug: str, what: str) -> None:
    course.updated_at = scope_of(session).now
    session.flush()
    note_uses(session, course.item_id)
    record(session, "course.changed", "course", slug, what=what)


def _place(rows: Sequence[Any]) -> None:
    for number, row in enumerate(rows, 1):
        row.position = number


def _find_lesson(session: Session, slug: str, lesson: str) -> CourseLesson:
    item = find_item(session, slug)
    found = session.scalars(
        select(CourseLesson).where(CourseLesson.course_id == item.id, CourseLesson.slug == lesson)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _free_name(title: str, taken: set[str], number: int) -> str:
    """Find the step → find-the-step; of a title without Latin letters lesson-3."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[: LONGEST_SLUG - 4].strip("-")
    name = plain or f"lesson-{number}"
    tries = (name if count == 1 else f"{name}-{count}" for count in range(1, len(taken) + 3))
    return next(one for one in tries if one not in taken)


def _lesson_lines(session: Session, item_id: int, locale: str) -> list[BuilderLine]:
    rows = session.execute(
        select(CourseLesson.slug, CourseLesson.minutes, LessonText.locale, LessonText.title)
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
        .where(CourseLesson.course_id == item_id)
        .order_by(CourseLesson.position, CourseLesson.id)
    )
    held: dict[tuple[str, int], dict[str, str]] = {}
    for row in rows:
        held.setdefault((row.slug, row.minutes), {})[row.locale] = row.title
    return [
        BuilderLine(slug, at, words[nearest(locale, words)], tuple(sorted(words)), minutes=minutes)
        for at, ((slug, minutes), words) in enumerate(held.items(), 1)
    ]


def _question_lines(session: Session, item_id: int, locale: str) -> list[BuilderLine]:
    rows = session.execute(
        select(CourseQuestion.key, CourseQuestion.kind, CourseQuestion.words)
        .where(CourseQuestion.course_id == item_id)
        .order_by(CourseQuestion.position, CourseQuestion.id)
    )
    return [
        BuilderLine(
            row.key,
            at,
            row.words[nearest(locale, row.words)]["ask"],
            tuple(sorted(row.words)),
            kind=row.kind,
        )
        for at, row in enumerate(rows, 1)
    ]
