"""Editing the questions of a course on the web: in its working copy, as all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.quiz_file import QuestionFile, make_question
from portal.domain.quizzes import LETTERS, MOST_QUESTIONS, Kind
from portal.services.training.building import shift
from portal.services.training.course_shape import CourseShape, ShapedQuestion, shape_of
from portal.services.training.course_texts import question_file
from portal.services.training.courses import nearest
from portal.services.training.lesson_drafts import hold_course
from portal.services.training.shape_drafts import hold_shape, write_shape


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
    """Raises NotFound, Forbidden."""
    row = _find(shape_of(session, hold_course(session, slug, lock=False)), key)
    return QuestionDesk(
        key=key,
        file=question_file(row, nearest(locale, row.words)),
        translated=locale in row.words,
        token=_token(row),
        locales=tuple(sorted(row.words)),
    )


def add_question(session: Session, slug: str, locale: str, text: QuestionText) -> str:
    """The new question's key. Raises Invalid by key of a question file, and Conflict in review.
    Commits.
    """
    held = hold_shape(session, slug)
    shape = shape_of(session, held)
    taken = {row.key for row in shape.questions}
    if len(taken) >= MOST_QUESTIONS:
        raise Invalid(f"A quiz has at most {MOST_QUESTIONS} questions.", code="too-many-questions")
    key = next(one for one in (f"q{n}" for n in range(1, len(taken) + 2)) if one not in taken)
    file = _checked(key, text)
    added = _shaped(file, {locale: _words(file)})
    changed = replace(shape, questions=[*shape.questions, added])
    write_shape(session, held, changed, "question")
    session.commit()
    return key


def save_question(
    session: Session, slug: str, key: str, locale: str, text: QuestionText, *, token: str
) -> None:
    """Options that came or went do so in every language: a new one in the words of this one, until
    somebody translates it. Raises Invalid by key, and Conflict in review and (edited-meanwhile)
    where the question was changed since it was read. Commits.
    """
    held = hold_shape(session, slug)
    shape = shape_of(session, held)
    row = _find(shape, key)
    if _token(row) != token:
        raise Conflict("Somebody else has saved this question meanwhile.", code="edited-meanwhile")
    file = _checked(key, text)
    kept = [one.letter for one in text.options if one.words.strip()]
    words = {
        other: {**said, "options": _follow(said["options"], kept, file)}
        for other, said in row.words.items()
    }
    saved = _shaped(file, {**words, locale: _words(file)})
    questions = [saved if one.key == key else one for one in shape.questions]
    write_shape(session, held, replace(shape, questions=questions), "question")
    session.commit()


def move_question(session: Session, slug: str, key: str, step: int) -> None:
    """One place up (-1) or down (1). Commits."""
    held = hold_shape(session, slug)
    shape = shape_of(session, held)
    questions = shift(shape.questions, _find(shape, key), step)
    write_shape(session, held, replace(shape, questions=questions), "order of questions")
    session.commit()


def remove_question(session: Session, slug: str, key: str) -> None:
    """Commits."""
    held = hold_shape(session, slug)
    shape = shape_of(session, held)
    gone = _find(shape, key)
    questions = [one for one in shape.questions if one is not gone]
    write_shape(session, held, replace(shape, questions=questions), "question removed")
    session.commit()


def _find(shape: CourseShape, key: str) -> ShapedQuestion:
    """Raises NotFound."""
    found = next((one for one in shape.questions if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def _token(row: ShapedQuestion) -> str:
    said = (row.kind, row.right, sorted(row.words.items()))
    return sha256(repr(said).encode()).hexdigest()[:16]


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


def _shaped(file: QuestionFile, words: dict[str, Any]) -> ShapedQuestion:
    question = file.question
    right = list(question.right)
    return ShapedQuestion(file.key, file.kind.value, question.options, right, words)


def _follow(options: Sequence[str], kept: Sequence[str], file: QuestionFile) -> list[str]:
    """The options of another language in the form of this one."""
    by_letter = dict(zip(LETTERS, options, strict=False))
    return [
        by_letter.get(letter, words) for letter, (words, _) in zip(kept, file.options, strict=True)
    ]
