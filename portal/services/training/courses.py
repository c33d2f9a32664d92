"""Reading courses: what there is, what it holds, how far the reader is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.knowledge import COURSE
from portal.models import (
    Course,
    CourseLesson,
    KnowledgeItem,
    KnowledgeVersion,
    LessonText,
)
from portal.search.views import preference
from portal.services.audience import readable
from portal.services.training.course_counts import (
    done_counts,
    done_lessons,
    enrolments_in,
    lesson_counts,
    question_counts,
)
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course in a list, in the reader's language or the nearest. `done` of `lessons`; `minutes`
    of all lessons together.
    """

    id: int
    slug: str
    locale: str
    title: str
    summary: str
    lessons: int
    minutes: int
    questions: int
    done: int
    started: bool
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class LessonLine:
    """`locales` are those that it stands in, `locale` the one that is shown."""

    slug: str
    number: int
    locale: str
    title: str
    chapter: str
    minutes: int
    video: bool
    file: bool
    done: bool
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """`next_lesson` is the first that is not done. `public`: no sign-in is needed to read it."""

    line: CourseLine
    html: str
    public: bool
    locales: tuple[str, ...]
    lessons: list[LessonLine]
    pass_mark: int
    attempts: int
    valid_months: int

    @property
    def next_lesson(self) -> LessonLine | None:
        return next((one for one in self.lessons if not one.done), None)


@dataclass(frozen=True, slots=True)
class LessonPage:
    """`before` and `after` are its neighbours."""

    course: CoursePage
    line: LessonLine
    html: str
    video: str
    captions: str
    file: str
    before: LessonLine | None
    after: LessonLine | None


def list_courses(session: Session) -> list[CourseLine]:
    """Those that the reader may read, the newest first."""
    rows = session.execute(
        _courses().where(readable(session)).order_by(KnowledgeItem.published_on.desc())
    ).all()
    return _lines(session, rows)


def read_course(session: Session, slug: str) -> CoursePage:
    """Raises NotFound, also for what the reader may not read."""
    rows = session.execute(
        _courses(KnowledgeVersion.html).where(KnowledgeItem.slug == slug, readable(session))
    ).all()
    lines = _lines(session, rows)
    if not lines:
        raise NotFound
    line = lines[0]
    row = next(one for one in rows if one.locale == line.locale)
    return CoursePage(
        line=line,
        html=row.html,
        public=row.audience == "public",
        locales=tuple(sorted(one.locale for one in rows)),
        lessons=_lessons(session, line.id),
        pass_mark=row.pass_mark,
        attempts=row.attempts,
        valid_months=row.valid_months,
    )


def read_lesson(session: Session, slug: str, lesson: str) -> LessonPage:
    """Raises NotFound for a lesson that the course does not hold, or the reader may not read."""
    course = read_course(session, slug)
    places = [one.slug for one in course.lessons]
    if lesson not in places:
        raise NotFound
    at = places.index(lesson)
    line = course.lessons[at]
    text = session.execute(
        select(LessonText.html, LessonText.video, LessonText.captions, LessonText.file)
        .join(CourseLesson, CourseLesson.id == LessonText.lesson_id)
        .where(
            CourseLesson.course_id == course.line.id,
            CourseLesson.slug == lesson,
            LessonText.locale == line.locale,
        )
    ).one()
    return LessonPage(
        course=course,
        line=line,
        html=text.html,
        video=text.video,
        captions=text.captions,
        file=text.file,
        before=course.lessons[at - 1] if at else None,
        after=course.lessons[at + 1] if at + 1 < len(places) else None,
    )


def nearest(locale: str, versions: Mapping[str, Any]) -> str:
    """The locale of the version to show to a reader of `locale`."""
    return preference(locale, sorted(versions))[0]


def course_titles(session: Session, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Titles by locale, of courses that the caller has the right to name."""
    rows = session.execute(
        select(KnowledgeVersion.item_id, KnowledgeVersion.locale, KnowledgeVersion.title).where(
            KnowledgeVersion.item_id.in_(sorted(set(ids)))
        )
    )
    titles: dict[int, dict[str, str]] = {}
    for item_id, locale, title in rows:
        titles.setdefault(item_id, {})[locale] = title
    return titles


def _courses(*more: Any) -> Any:
    return (
        select(
            KnowledgeItem.id,
            KnowledgeItem.slug,
            KnowledgeItem.audience,
            KnowledgeVersion.locale,
            KnowledgeVersion.title,
            KnowledgeVersion.summary,
            Course.pass_mark,
            Course.attempts,
            Course.valid_months,
            *more,
        )
        .join(Course, Course.item_id == KnowledgeItem.id)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.type == COURSE)
    )


def _lines(session: Session, rows: Sequence[Any]) -> list[CourseLine]:
    by_course: dict[int, dict[str, Any]] = {}
    for row in rows:
        by_course.setdefault(row.id, {})[row.locale] = row
    ids = list(by_course)
    counts, questions = lesson_counts(session, ids), question_counts(session, ids)
    mine, done = enrolments_in(session, ids), done_counts(session, ids)
    locale = scope_of(session).locale
    return [
        _line(
            versions[nearest(locale, versions)],
            counts.get(number, (0, 0)),
            questions.get(number, 0),
            mine.get(number),
            done.get(number, 0),
        )
        for number, versions in by_course.items()
    ]


def _line(
    row: Any, counted: tuple[int, int], questions: int, enrolment: Any, done: int
) -> CourseLine:
    return CourseLine(
        id=row.id,
        slug=row.slug,
        locale=row.locale,
        title=row.title,
        summary=row.summary,
        lessons=counted[0],
        minutes=counted[1],
        questions=questions,
        done=done,
        started=enrolment is not None,
        finished_at=enrolment.finished_at if enrolment is not None else None,
    )


def _lessons(session: Session, course_id: int) -> list[LessonLine]:
    rows = session.execute(
        select(
            CourseLesson.id,
            CourseLesson.slug,
            CourseLesson.minutes,
            LessonText.locale,
            LessonText.title,
            LessonText.chapter,
            LessonText.video,
            LessonText.file,
        )
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
        .where(CourseLesson.course_id == course_id)
        .order_by(CourseLesson.position, CourseLesson.id)
    )
    versions: dict[int, dict[str, Any]] = {}
    for row in rows:
        versions.setdefault(row.id, {})[row.locale] = row
    done, locale = done_lessons(session, course_id), scope_of(session).locale
    return [
        _lesson(held[nearest(locale, held)], at, tuple(sorted(held)), done=number in done)
        for at, (number, held) in enumerate(versions.items(), 1)
    ]


def _lesson(row: Any, number: int, locales: tuple[str, ...], *, done: bool) -> LessonLine:
    return LessonLine(
        slug=row.slug,
        number=number,
        locale=row.locale,
        title=row.title,
        chapter=row.chapter,
        minutes=row.minutes,
        video=bool(row.video),
        file=bool(row.file),
        done=done,
        locales=locales,
    )
