"""Building a course on the web: its rules, and which lessons it has in which order. The door asks
whether one may write; what readers of a published course get at once is for those who publish.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.knowledge import COURSE, PUBLISHED
from portal.domain.knowledge_workflow import Action, Stage
from portal.domain.permissions import Permission
from portal.domain.quizzes import MOST_ATTEMPTS, MOST_MONTHS
from portal.models import (
    Course,
    CourseLesson,
    CourseQuestion,
    KnowledgeItem,
    LessonDraft,
    LessonText,
)
from portal.services.audit import record
from portal.services.knowledge_files import note_uses
from portal.services.knowledge_held import Held, may
from portal.services.knowledge_texts import raise_change
from portal.services.training.course_texts import course_of
from portal.services.training.courses import nearest
from portal.services.training.lesson_drafts import (
    drop_idle_copy,
    find_row,
    hold_course,
    hold_writing,
)
from portal.services.training.lesson_search import follow_lessons
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class BuilderLine:
    """A lesson or a question in the builder; `key` names it. `kind` is a question's, the rest a
    lesson's: `drafts` are the languages with a working copy, `read` those that its readers have and
    `outdated` those whose source has been published anew since.
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


@dataclass(frozen=True, slots=True)
class Builder:
    """`source`: the language that others are translated from; `stage`: of its working copy.
    `writes`: lessons may be written now; `shapes`: the reader may change order, quiz and rules.
    """

    slug: str
    title: str
    locale: str
    source: str
    state: str
    stage: Stage
    writes: bool
    shapes: bool
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
    rules = session.get(Course, item.id) or Course(pass_mark=80, attempts=3, valid_months=24)
    return Builder(
        slug=slug,
        title=titles.get(shown, slug),
        locale=shown,
        source=item.source_locale,
        state=item.state,
        stage=held.stage,
        writes=Action.EDIT in may(session, held),
        shapes=_may_shape(session, held),
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
    hold_shape(session, slug)
    course = course_of(session, slug)
    if course.pass_mark != pass_mark:
        course.revision += 1
    course.pass_mark, course.attempts, course.valid_months = pass_mark, attempts, valid_months
    note_change(session, course, slug, "rules")
    session.commit()


def move_lesson(session: Session, slug: str, lesson: str, step: int) -> None:
    """One place up (-1) or down (1); at the end it stays."""
    held = hold_shape(session, slug)
    row = find_row(session, held, lesson)
    rows = session.scalars(
        select(CourseLesson)
        .where(CourseLesson.course_id == row.course_id)
        .order_by(CourseLesson.position, CourseLesson.id)
    ).all()
    _place(shift(rows, row, step))
    note_change(session, course_of(session, slug), slug, "order")
    session.commit()


def remove_lesson(session: Session, slug: str, lesson: str) -> None:
    """With all its languages, and with what people have done of it. What nobody has read yet goes
    by any writer's hand.
    """
    held = hold_course(session, slug)
    hold_writing(session, held)
    row = find_row(session, held, lesson)
    if session.scalar(select(LessonText.id).where(LessonText.lesson_id == row.id).limit(1)):
        hold_shape(session, slug)
    change, course = raise_change(session), course_of(session, slug)
    copies = [one for one in held.lessons if one.lesson_id == row.id]
    session.delete(row)
    held.lessons = [one for one in held.lessons if one not in copies]
    for copy in copies:
        drop_idle_copy(session, held, copy.locale)
    follow_lessons(session, course, change, removed=True)
    note_change(session, course, slug, "lesson removed")
    session.commit()


def hold_shape(session: Session, slug: str) -> Held:
    """The course, for a change that its readers get at once. Raises NotFound, and Conflict in
    review and, where it is published, for those who may not publish (needs-publisher).
    """
    held = hold_course(session, slug)
    if not _is_open(session, held):
        raise Conflict(
            "The course is published: order, quiz and rules take effect at once, so those who "
            "publish change them.",
            code="needs-publisher",
        )
    hold_writing(session, held)
    return held


def _may_shape(session: Session, held: Held) -> bool:
    return _is_open(session, held) and Action.EDIT in may(session, held)


def _is_open(session: Session, held: Held) -> bool:
    publishes = scope_of(session).allows(Permission.KNOWLEDGE_PUBLISH)
    return publishes or held.item.state != PUBLISHED


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


def _lesson_lines(session: Session, item_id: int, locale: str) -> list[BuilderLine]:
    ordered = (CourseLesson.position, CourseLesson.id)
    lessons = session.execute(
        select(CourseLesson.id, CourseLesson.slug, CourseLesson.minutes)
        .where(CourseLesson.course_id == item_id)
        .order_by(*ordered)
    ).all()
    read, drafts = (_titles(session, item_id, model) for model in (LessonText, LessonDraft))
    behind = _outdated(session, item_id)
    lines = []
    for at, row in enumerate(lessons, 1):
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
