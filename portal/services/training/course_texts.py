"""Lessons and quizzes between files and tables, within the caller's transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.content_merge import THEIRS, Standing, Stored, standing
from portal.domain.course_file import LessonFile, write_lesson
from portal.domain.knowledge import COURSE
from portal.domain.quiz_file import QuestionFile, QuizFile, write_quiz
from portal.domain.quizzes import Kind
from portal.models import Course, CourseLesson, CourseQuestion, KnowledgeItem, LessonText
from portal.services.audience import readable
from portal.services.audit import record
from portal.services.knowledge_files import note_uses
from portal.services.knowledge_texts import raise_change
from portal.services.training.course_files import CourseParts, digest_of
from portal.services.training.course_shape import ShapedQuestion
from portal.services.training.lesson_search import follow_lessons
from portal.services.training.lesson_texts import save_lessons
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class CourseConflict:
    """A course whose folder and whose lessons in the portal have both changed since the load.
    `path` of the folder; `differs`: names of the files in it that are not the same.
    """

    path: str
    differs: tuple[str, ...]


@dataclass(slots=True)
class CoursePlan:
    """By slug what becomes of each course's folder; all files of a course go together."""

    standings: dict[str, Standing] = field(default_factory=dict)
    conflicts: list[CourseConflict] = field(default_factory=list)

    @property
    def newer(self) -> list[str]:
        here = (slug for slug, how in self.standings.items() if how is Standing.HERE)
        return [f"courses/{slug}" for slug in here]


def plan_courses(
    session: Session, courses: Mapping[str, CourseParts], side: str | None
) -> CoursePlan:
    """`side` settles what is in conflict: ours is the portal's, theirs the files'."""
    plan = CoursePlan()
    for slug, parts in courses.items():
        stored = dict(course_files(session, slug))
        loaded = session.scalar(
            select(Course.digest)
            .join(KnowledgeItem, KnowledgeItem.id == Course.item_id)
            .where(KnowledgeItem.slug == slug)
        )
        known = Stored(digest_of(stored), loaded or "") if stored else None
        how = standing(parts.digest, known)
        if how is Standing.BOTH:
            if side is None:
                plan.conflicts.append(_conflict(slug, stored, parts.files))
            how = Standing.FILE if side == THEIRS else Standing.HERE
        plan.standings[slug] = how
    return plan


def _conflict(slug: str, stored: Mapping[str, str], files: Mapping[str, str]) -> CourseConflict:
    paths = sorted(stored.keys() | files.keys())
    differ = (path for path in paths if stored.get(path) != files.get(path))
    return CourseConflict(f"courses/{slug}", tuple(path.rpartition("/")[2] for path in differ))


def save_courses(
    session: Session, courses: Mapping[str, CourseParts], plan: CoursePlan
) -> list[str]:
    """Makes each course that is to follow its folder hold what its parts say, and nothing else; the
    slugs of those. Their items must be there. A lesson of the same name stays the same lesson.
    """
    changed = [slug for slug in courses if plan.standings[slug] in {Standing.NEW, Standing.FILE}]
    number = raise_change(session) if changed else 0
    for slug, parts in courses.items():
        course = course_of(session, slug)
        course.digest = parts.digest
        if slug not in changed:
            continue
        removed = save_lessons(session, course, parts)
        follow_lessons(session, course, number, removed=removed)
        note_uses(session, course.item_id)
        _save_quiz(session, course, parts.quizzes)
        course.updated_at = scope_of(session).now
        record(session, "course.loaded", "course", slug, lessons=len(parts.lessons))
    session.flush()
    return changed


def course_of(session: Session, slug: str) -> Course:
    """The course's row, made where there is none. Its item must be there."""
    item_id = session.scalars(
        select(KnowledgeItem.id).where(KnowledgeItem.slug == slug, KnowledgeItem.type == COURSE)
    ).one()
    course = session.get(Course, item_id)
    if course is None:
        course = Course(item_id=item_id, updated_at=scope_of(session).now)
        session.add(course)
        session.flush()
    return course


def course_files(session: Session, slug: str) -> Iterator[tuple[str, str]]:
    """Path and text of each file of the course as it stands, in the order of their paths."""
    lessons = [(one.path, write_lesson(one)) for one in _stored_lessons(session, slug)]
    quizzes = [(one.path, write_quiz(one)) for one in _stored_quizzes(session, slug)]
    yield from sorted([*lessons, *quizzes])


def export_courses(session: Session) -> Iterator[tuple[str, str]]:
    """Path and text of the files of every published course that the session may read."""
    slugs = session.scalars(
        select(KnowledgeItem.slug)
        .join(Course, Course.item_id == KnowledgeItem.id)
        .where(readable(session))
        .order_by(KnowledgeItem.slug)
    ).all()
    for slug in slugs:
        yield from course_files(session, slug)


# --- to the tables ----------------------------------------------------------------------------


def _save_quiz(session: Session, course: Course, quizzes: list[QuizFile]) -> None:
    before = [one.shared for one in _stored_quizzes_of(session, course)]
    session.execute(delete(CourseQuestion).where(CourseQuestion.course_id == course.item_id))
    if quizzes:
        model = quizzes[0]
        course.pass_mark, course.attempts = model.pass_mark, model.attempts
        course.valid_months = model.valid_months
        session.add_all(_question_rows(course.item_id, quizzes))
    if [one.shared for one in quizzes[:1]] != before[:1]:
        course.revision += 1
    session.flush()


def _question_rows(course_id: int, quizzes: list[QuizFile]) -> Iterator[CourseQuestion]:
    for at, model in enumerate(quizzes[0].questions):
        question = model.question
        yield CourseQuestion(
            course_id=course_id,
            key=model.key,
            position=at + 1,
            kind=model.kind.value,
            options=question.options,
            right=list(question.right),
            words={one.locale: _words(one.questions[at]) for one in quizzes},
        )


def _words(one: QuestionFile) -> dict[str, Any]:
    options = [words for words, _ in one.options]
    return {"ask": one.ask, "options": options, "answer": one.answer, "why": one.why}


# --- from the tables --------------------------------------------------------------------------


def _stored_lessons(session: Session, slug: str) -> Iterator[LessonFile]:
    rows = session.execute(
        select(CourseLesson, LessonText)
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
        .join(KnowledgeItem, KnowledgeItem.id == CourseLesson.course_id)
        .where(KnowledgeItem.slug == slug)
    )
    for lesson, text in rows:
        yield lesson_file(slug, lesson, text)


def lesson_file(slug: str, lesson: CourseLesson, text: LessonText) -> LessonFile:
    return LessonFile(
        course=slug,
        number=lesson.position,
        slug=lesson.slug,
        locale=text.locale,
        title=text.title,
        chapter=text.chapter,
        minutes=lesson.minutes,
        video=text.video,
        captions=text.captions,
        file=text.file,
        body=text.body,
    )


def _stored_quizzes(session: Session, slug: str) -> list[QuizFile]:
    course = session.scalars(
        select(Course)
        .join(KnowledgeItem, KnowledgeItem.id == Course.item_id)
        .where(KnowledgeItem.slug == slug)
    ).one_or_none()
    return _stored_quizzes_of(session, course, slug) if course else []


def _stored_quizzes_of(session: Session, course: Course, slug: str = "") -> list[QuizFile]:
    rows = session.scalars(
        select(CourseQuestion)
        .where(CourseQuestion.course_id == course.item_id)
        .order_by(CourseQuestion.position, CourseQuestion.id)
    ).all()
    locales = sorted({locale for row in rows for locale in row.words})
    return [
        QuizFile(
            course=slug,
            locale=locale,
            pass_mark=course.pass_mark,
            attempts=course.attempts,
            valid_months=course.valid_months,
            questions=tuple(question_file(row, locale) for row in rows if locale in row.words),
        )
        for locale in locales
    ]


def question_file(row: CourseQuestion | ShapedQuestion, locale: str) -> QuestionFile:
    words, kind = row.words[locale], Kind(row.kind)
    letters = "abcdefghijklmnopqrstuvwxyz"[: row.options]
    options = zip(words["options"], letters, strict=True)
    return QuestionFile(
        key=row.key,
        kind=kind,
        ask=words["ask"],
        options=tuple((one, letter in row.right) for one, letter in options),
        answer=words["answer"],
        why=words["why"],
    )
