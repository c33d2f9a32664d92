"""Building a course on the web: its rules, and which lessons it has in which order. All of it is a
working copy that is read once the course is published; the door asks whether one may write.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Invalid
from portal.domain.knowledge_workflow import Action, Stage
from portal.domain.quizzes import MOST_ATTEMPTS, MOST_MONTHS
from portal.models import CourseLesson, KnowledgeItem, LessonDraft, LessonText
from portal.services.audit import record
from portal.services.knowledge_files import note_uses
from portal.services.knowledge_held import may
from portal.services.training.course_shape import (
    CourseShape,
    ShapedQuestion,
    is_overtaken,
    shape_of,
)
from portal.services.training.courses import nearest
from portal.services.training.lesson_drafts import drop_idle_copy, find_row, hold_course
from portal.services.training.shape_drafts import hold_shape, write_shape
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class BuilderLine:
    """A lesson or a question in the builder; `key` names it. `kind` is a question's, the rest a
    lesson's: `drafts` are the languages with a working copy, `read` those that its readers have and
    `outdated` those whose source has been published anew since; `goes`: with the next publishing.
    """

    key: str
    number: int
    words: str
    locales: tuple[str, ...]
    minutes: int = 0
    kind: str = ""
    drafts: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    goes: bool = False


@dataclass(frozen=True, slots=True)
class Builder:
    """`source`: the language that others are translated from; `stage`: of its working copy.
    `writes`: it may be changed now. `shaped`: order, quiz or rules are not as they are read;
    `overtaken`: and what is read has changed since that was begun.
    """

    slug: str
    title: str
    locale: str
    source: str
    state: str
    stage: Stage
    writes: bool
    shaped: bool
    overtaken: bool
    pass_mark: int
    attempts: int
    valid_months: int
    lessons: list[BuilderLine]
    questions: list[BuilderLine]


def read_builder(session: Session, slug: str) -> Builder:
    """Raises NotFound where there is no such course, in whatever state."""
    held = hold_course(session, slug, lock=False)
    item, locale = held.item, scope_of(session).locale
    titles = {code: row.title for code, row in held.versions.items()}
    titles |= {code: row.title for code, row in held.drafts.items() if row.title}
    shown = nearest(locale, titles) if titles else locale
    shape = shape_of(session, held)
    return Builder(
        slug=slug,
        title=titles.get(shown, slug),
        locale=shown,
        source=item.source_locale,
        state=item.state,
        stage=held.stage,
        writes=Action.EDIT in may(session, held),
        shaped=held.shape is not None,
        overtaken=is_overtaken(session, held),
        pass_mark=shape.pass_mark,
        attempts=shape.attempts,
        valid_months=shape.valid_months,
        lessons=_lesson_lines(session, item.id, locale, shape),
        questions=[_question_line(one, at, locale) for at, one in enumerate(shape.questions, 1)],
    )


def save_rules(
    session: Session, slug: str, *, pass_mark: int, attempts: int, valid_months: int
) -> None:
    """In the working copy. Raises Invalid by field, and Conflict in review. Commits."""
    given = {"pass_mark": pass_mark, "attempts": attempts, "valid_months": valid_months}
    most = {"pass_mark": 100, "attempts": MOST_ATTEMPTS, "valid_months": MOST_MONTHS}
    least = {"pass_mark": 1, "attempts": 0, "valid_months": 0}
    wrong = {name: "" for name, value in given.items() if not least[name] <= value <= most[name]}
    if wrong:
        raise Invalid("This is out of range.", code="out-of-range", fields=wrong)
    held = hold_shape(session, slug)
    shape = shape_of(session, held)
    shape.pass_mark, shape.attempts, shape.valid_months = pass_mark, attempts, valid_months
    write_shape(session, held, shape, "rules")
    session.commit()


def move_lesson(session: Session, slug: str, lesson: str, step: int) -> None:
    """One place up (-1) or down (1) in the working copy; at the end it stays. Commits."""
    held = hold_shape(session, slug)
    find_row(session, held, lesson)
    shape = shape_of(session, held)
    order = shift(shape.order, lesson, step)
    write_shape(session, held, replace(shape, order=order), "order")
    session.commit()


def remove_lesson(session: Session, slug: str, lesson: str) -> bool:
    """With all its languages, and with what people have done of it: once the course is published
    again. What nobody has read yet goes at once, and True says so. Commits.
    """
    held = hold_shape(session, slug)
    row = find_row(session, held, lesson)
    if session.scalar(select(LessonText.id).where(LessonText.lesson_id == row.id).limit(1)):
        shape = shape_of(session, held)
        removed = sorted({*shape.removed, lesson})
        write_shape(session, held, replace(shape, removed=removed), "lesson removed")
        session.commit()
        return False
    copies = [one for one in held.lessons if one.lesson_id == row.id]
    session.delete(row)
    session.flush()
    held.lessons = [one for one in held.lessons if one not in copies]
    for copy in copies:
        drop_idle_copy(session, held, copy.locale)
    note_uses(session, held.item.id)
    record(session, "course.changed", "course", slug, what="lesson removed")
    session.commit()
    return True


def keep_lesson(session: Session, slug: str, lesson: str) -> None:
    """A lesson that was to go stays. Commits."""
    held = hold_shape(session, slug)
    find_row(session, held, lesson)
    shape = shape_of(session, held)
    removed = [name for name in shape.removed if name != lesson]
    write_shape(session, held, replace(shape, removed=removed), "lesson kept")
    session.commit()


def shift(rows: Sequence[Any], row: Any, step: int) -> list[Any]:
    """The rows with this one a place further up (-1) or down (1)."""
    ordered = list(rows)
    at = ordered.index(row)
    to = min(max(at + step, 0), len(ordered) - 1)
    ordered.insert(to, ordered.pop(at))
    return ordered


def _lesson_lines(
    session: Session, item_id: int, locale: str, shape: CourseShape
) -> list[BuilderLine]:
    rows = session.execute(
        select(CourseLesson.id, CourseLesson.slug, CourseLesson.minutes).where(
            CourseLesson.course_id == item_id
        )
    )
    lessons = {row.slug: row for row in rows}
    read, drafts = (_titles(session, item_id, model) for model in (LessonText, LessonDraft))
    behind, lines = _outdated(session, item_id), []
    for at, name in enumerate(shape.order, 1):
        row = lessons[name]
        words = {**read.get(row.id, {}), **drafts.get(row.id, {})}
        title = words[nearest(locale, words)] if words else ""
        lines.append(
            BuilderLine(
                row.slug,
                at,
                title or row.slug,
                tuple(sorted(words)),
                minutes=row.minutes,
                drafts=tuple(sorted(drafts.get(row.id, {}))),
                read=tuple(sorted(read.get(row.id, {}))),
                outdated=tuple(sorted(behind.get(row.id, ()))),
                goes=name in shape.removed,
            )
        )
    return lines


def _outdated(session: Session, item_id: int) -> dict[int, list[str]]:
    """By lesson: languages that agree with an older revision of the source than is read."""
    source = aliased(LessonText)
    rows = session.execute(
        select(LessonText.lesson_id, LessonText.locale)
        .join(CourseLesson, CourseLesson.id == LessonText.lesson_id)
        .join(KnowledgeItem, KnowledgeItem.id == CourseLesson.course_id)
        .join(
            source,
            (source.lesson_id == LessonText.lesson_id)
            & (source.locale == KnowledgeItem.source_locale),
        )
        .where(
            CourseLesson.course_id == item_id,
            LessonText.source_revision > 0,
            LessonText.source_revision < source.revision,
        )
    )
    behind: dict[int, list[str]] = {}
    for lesson_id, locale in rows:
        behind.setdefault(lesson_id, []).append(locale)
    return behind


def _titles(
    session: Session, item_id: int, model: type[LessonText] | type[LessonDraft]
) -> dict[int, dict[str, str]]:
    """By lesson and language."""
    rows = session.execute(
        select(model.lesson_id, model.locale, model.title)
        .join(CourseLesson, CourseLesson.id == model.lesson_id)
        .where(CourseLesson.course_id == item_id)
    )
    titles: dict[int, dict[str, str]] = {}
    for lesson_id, locale, title in rows:
        titles.setdefault(lesson_id, {})[locale] = title
    return titles


def _question_line(row: ShapedQuestion, number: int, locale: str) -> BuilderLine:
    ask = row.words[nearest(locale, row.words)]["ask"]
    return BuilderLine(row.key, number, ask, tuple(sorted(row.words)), kind=row.kind)
