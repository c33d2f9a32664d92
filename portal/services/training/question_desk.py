"""Editing the questions of a course on the web."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.quiz_file import QuestionFile, make_question
from portal.domain.quizzes import LETTERS, MOST_QUESTIONS, Kind
from portal.models import Course, CourseQuestion
from portal.services.training.building import find_item, hold_shape, note_change, shift
from portal.services.training.course_texts import course_of, question_file
from portal.services.training.courses import nearest


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option as the form sends it. `letter` names one that stands already, "" a new one."""

    letter: str
    words: str
    right: bool


@dataclass(frozen=True, slots=True)
class QuestionText:
    kind: str
    ask: str
    options: Sequence[OptionRow]
    answer: str
    why: str


@dataclass(frozen=True, slots=True)
class QuestionDesk:
    """A question to be edited in one language. `file` is in that language, or, where it lacks it,
    in the nearest (`translated` False). `token` is another one after each change.
    """

    key: str
    file: QuestionFile
    translated: bool
    token: str
    locales: tuple[str, ...]


def question_desk(session: Session, slug: str, key: str, locale: str) -> QuestionDesk:
    """Raises NotFound."""
    row, _ = _find(session, slug, key)
    return QuestionDesk(
        key=key,
        file=question_file(row, nearest(locale, row.words)),
        translated=locale in row.words,
        token=_token(row),
        locales=tuple(sorted(row.words)),
    )


def add_question(session: Session, slug: str, locale: str, text: QuestionText) -> str:
    """The new question's key. Raises Invalid by key of a question file."""
    hold_shape(session, slug)
    course = course_of(session, slug)
    rows = _rows(session, course.item_id)
    if len(rows) >= MOST_QUESTIONS:
        raise Invalid(f"A quiz has at most {MOST_QUESTIONS} questions.", code="too-many-questions")
    taken = {row.key for row in rows}
    key = next(one for one in (f"q{n}" for n in range(1, len(rows) + 2)) if one not in taken)
    file = _checked(key, text)
    row = CourseQuestion(course_id=course.item_id, key=key, position=len(rows) + 1, words={})
    _fill(row, file, {locale: _words(file)})
    session.add(row)
    course.revision += 1
    note_change(session, course, slug, "question")
    session.commit()
    return key


def save_question(
    session: Session, slug: str, key: str, locale: str, text: QuestionText, *, token: str
) -> None:
    """Options that came or went do so in every language: a new one in the words of this one, until
    somebody translates it. Raises Invalid by key, and Conflict (edited-meanwhile) where the
    question was changed since it was read.
    """
    hold_shape(session, slug)
    row, course = _find(session, slug, key, lock=True)
    if _token(row) != token:
        raise Conflict("Somebody else has saved this question meanwhile.", code="edited-meanwhile")
    file = _checked(key, text)
    kept = [one.letter for one in text.options if one.words.strip()]
    others = {
        other: {**words, "options": _follow(words["options"], kept, file)}
        for other, words in row.words.items()
        if other != locale
    }
    before = (row.kind, row.options, list(row.right))
    _fill(row, file, {**others, locale: _words(file)})
    if before != (row.kind, row.options, list(row.right)):
        course.revision += 1
    note_change(session, course, slug, "question")
    session.commit()


def move_question(session: Session, slug: str, key: str, step: int) -> None:
    """One place up (-1) or down (1)."""
    hold_shape(session, slug)
    row, course = _find(session, slug, key)
    for number, one in enumerate(shift(_rows(session, course.item_id), row, step), 1):
        one.position = number
    note_change(session, course, slug, "order")
    session.commit()


def remove_question(session: Session, slug: str, key: str) -> None:
    hold_shape(session, slug)
    row, course = _find(session, slug, key)
    session.delete(row)
    course.revision += 1
    note_change(session, course, slug, "question removed")
    session.commit()


def _find(
    session: Session, slug: str, key: str, *, lock: bool = False
) -> tuple[CourseQuestion, Course]:
    item = find_item(session, slug)
    wanted = select(Course).where(Course.item_id == item.id)
    course = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    row = session.scalars(
        select(CourseQuestion).where(CourseQuestion.course_id == item.id, CourseQuestion.key == key)
    ).one_or_none()
    if row is None or course is None:
        raise NotFound
    return row, course


def _token(row: CourseQuestion) -> str:
    said = (row.kind, row.right, sorted(row.words.items()))
    return sha256(repr(said).encode()).hexdigest()[:16]


def _rows(session: Session, item_id: int) -> Sequence[CourseQuestion]:
    return session.scalars(
        select(CourseQuestion)
        .where(CourseQuestion.course_id == item_id)
        .order_by(CourseQuestion.position, CourseQuestion.id)
    ).all()


def _checked(key: str, text: QuestionText) -> QuestionFile:
    given: dict[str, Any] = {"key": key, "kind": text.kind, "ask": text.ask, "why": text.why}
    if text.kind == Kind.TEXT:
        given["answer"] = text.answer
    else:
        given["options"] = [
            {_mark(text.kind, right=one.right): one.words.strip()}
            for one in text.options
            if one.words.strip()
        ]
    return make_question(given)


def _mark(kind: str, *, right: bool) -> str:
    if kind == Kind.ORDERING:
        return "step"
    return "right" if right else "wrong"


def _words(file: QuestionFile) -> dict[str, Any]:
    options = [words for words, _ in file.options]
    return {"ask": file.ask, "options": options, "answer": file.answer, "why": file.why}


def _fill(row: CourseQuestion, file: QuestionFile, words: dict[str, Any]) -> None:
    question = file.question
    row.kind, row.options, row.right = file.kind.value, question.options, list(question.right)
    row.words = words


def _follow(options: Sequence[str], kept: Sequence[str], file: QuestionFile) -> list[str]:
    """The options of another language in the form of this one."""
    by_letter = dict(zip(LETTERS, options, strict=False))
    return [
        by_letter.get(letter, words) for letter, (words, _) in zip(kept, file.options, strict=True)
    ]
