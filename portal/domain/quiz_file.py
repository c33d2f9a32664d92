"""The quiz of a course as a file, read strictly and written in one way only, so that what was
written reads back the same, byte for byte (content/README.md).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.domain.errors import Invalid
from portal.domain.file_values import Values, line_of, name_of, plain, whole_number
from portal.domain.quizzes import (
    FEWEST_OPTIONS,
    LETTERS,
    MOST_ATTEMPTS,
    MOST_MONTHS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Kind,
    Question,
)
from portal.domain.strict_yaml import read_mapping, scalar
from portal.locales import LOCALES

QUIZ_NAME = re.compile(rf"quiz\.({'|'.join(LOCALES)})\.yaml")
LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question in one language. `options`: their words with whether each is right; an ordering
    has its steps in the right order, own words have none and a model `answer` for the reviewer.
    """

    key: str
    kind: Kind
    ask: str
    options: tuple[tuple[str, bool], ...]
    answer: str
    why: str

    @property
    def question(self) -> Question:
        right = tuple(LETTERS[at] for at, (_, good) in enumerate(self.options) if good)
        return Question(self.key, self.kind, len(self.options), right)


@dataclass(frozen=True, slots=True)
class QuizFile:
    """`pass_mark` in percent. `attempts` 0: as many as one likes; `valid_months` 0: for good."""

    course: str
    locale: str
    pass_mark: int
    attempts: int
    valid_months: int
    questions: tuple[QuestionFile, ...]

    @property
    def path(self) -> str:
        return f"courses/{self.course}/quiz.{self.locale}.yaml"

    @property
    def shared(self) -> tuple[Any, ...]:
        """What every language must say alike."""
        rules = (self.pass_mark, self.attempts, self.valid_months)
        return (*rules, tuple(one.question for one in self.questions))


def read_quiz(course: str, name: str, text: str) -> QuizFile:
    """Raises Invalid, whose `fields` name each key that is wrong, missing or unknown."""
    match = QUIZ_NAME.fullmatch(name)
    if match is None:
        raise Invalid(f"The name must be quiz.<locale>.yaml with one of {', '.join(LOCALES)}.")
    values = Values(read_mapping(plain(text)))
    rules = {
        "pass_mark": values.take("pass_mark", whole_number(1, 100)),
        "attempts": values.take("attempts", whole_number(0, MOST_ATTEMPTS)),
        "valid_months": values.take("valid_months", whole_number(0, MOST_MONTHS)),
    }
    asked = values.take("questions", _questions_of)
    questions = [_question(one, at, values.wrong) for at, one in enumerate(asked or (), 1)]
    known = [one for one in questions if one is not None]
    keys = [one.key for one in known]
    for key in sorted({one for one in keys if keys.count(one) > 1}):
        values.wrong["questions"] = f"The key “{key}” stands twice."
    values.finish()
    return QuizFile(course, match[1], **rules, questions=tuple(known))


def write_quiz(quiz: QuizFile) -> str:
    lines = [
        f"pass_mark: {quiz.pass_mark}",
        f"attempts: {quiz.attempts}",
        f"valid_months: {quiz.valid_months}",
        "questions:",
    ]
    for question in quiz.questions:
        lines += _question_lines(question)
    return "\n".join(lines) + "\n"


def make_question(given: dict[str, Any]) -> QuestionFile:
    """A question of the values of its keys. Raises Invalid by key."""
    wrong: dict[str, str] = {}
    made = _question(given, 1, wrong)
    if made is None:
        fields = {name.removeprefix("question 1, "): said for name, said in wrong.items()}
        raise Invalid("The question is wrong.", fields=fields)
    return made


# --- questions --------------------------------------------------------------------------------


def _questions_of(value: Any) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_QUESTIONS:
        raise Invalid(f"Give a list of 1 to {MOST_QUESTIONS} questions.")
    return value


def _question(value: Any, number: int, wrong: dict[str, str]) -> QuestionFile | None:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        wrong[f"question {number}"] = "A question has the keys key, kind, ask, options and why."
        return None
    values = Values(value)
    key = values.take("key", name_of)
    kind = values.take("kind", _kind)
    made = QuestionFile(
        key=key,
        kind=kind,
        ask=values.take("ask", line_of(LONGEST_LINE)),
        options=() if kind in {None, Kind.TEXT} else values.take("options", _options(kind)) or (),
        answer=values.take("answer", line_of(LONGEST_LINE)) if kind is Kind.TEXT else "",
        why=values.take("why", line_of(LONGEST_LINE)),
    )
    if kind is None:
        values.forget("options", "answer")
    found = values.found()
    wrong.update({f"question {number}, {name}": said for name, said in found.items()})
    return None if found else made


def _options(kind: Kind) -> Callable[[Any], tuple[tuple[str, bool], ...]]:
    names = {"step": True} if kind is Kind.ORDERING else {"right": True, "wrong": False}

    def read(value: Any) -> tuple[tuple[str, bool], ...]:
        if not isinstance(value, list) or not FEWEST_OPTIONS <= len(value) <= MOST_OPTIONS:
            raise Invalid(f"Give {FEWEST_OPTIONS} to {MOST_OPTIONS} options.")
        made = []
        for one in value:
            name = next(iter(one)) if isinstance(one, dict) and len(one) == 1 else None
            if name not in names:
                words = " or ".join(f"“{known}: …”" for known in names)
                raise Invalid(f"Write each option as {words}, in double quotes where needed.")
            made.append((line_of(LONGEST_LINE)(one[name]), names[name]))
        _hold_options(kind, made)
        return tuple(made)

    return read


def _hold_options(kind: Kind, options: list[tuple[str, bool]]) -> None:
    words = [one for one, _ in options]
    if len(set(words)) < len(words):
        raise Invalid("An option stands twice.")
    right = sum(1 for _, good in options if good)
    if kind is Kind.SINGLE and right != 1:
        raise Invalid("Exactly one option is right in a question of kind single.")
    if kind is Kind.MULTIPLE and not right:
        raise Invalid("At least one option must be right.")


def _question_lines(one: QuestionFile) -> list[str]:
    lines = [
        f"  - key: {scalar(one.key)}",
        f"    kind: {one.kind.value}",
        f"    ask: {scalar(one.ask)}",
    ]
    if one.options:
        lines.append("    options:")
    for words, right in one.options:
        name = "step" if one.kind is Kind.ORDERING else "right" if right else "wrong"
        lines.append(f"      - {name}: {scalar(words)}")
    if one.kind is Kind.TEXT:
        lines.append(f"    answer: {scalar(one.answer)}")
    return [*lines, f"    why: {scalar(one.why)}"]


def _kind(value: Any) -> Kind:
    if not isinstance(value, str) or value not in set(Kind):
        raise Invalid(f"Use one of {', '.join(Kind)}.")
    return Kind(value)
