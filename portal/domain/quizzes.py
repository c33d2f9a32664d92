"""A quiz: its questions, how they are put to one person, and what their answers are worth.

Options are named by letters in the author's order (a, b, c …). The order in which a person sees
them is drawn once an attempt and kept with it, so it is the same on each of their devices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

LETTERS = "abcdefghijklmnopqrstuvwxyz"
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
MOST_QUESTIONS = 60
MOST_ATTEMPTS = 20
MOST_MONTHS = 120
LONGEST_ANSWER = 4000
"""Characters of an answer in the learner's own words."""


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERING = "ordering"
    TEXT = "text"


class Outcome(StrEnum):
    """What a submitted attempt is. In review: somebody has to read an answer in own words."""

    PASSED = "passed"
    FAILED = "failed"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Question:
    """`options` is how many there are, 0 for own words. `right`: the letters that are right; for an
    ordering all of them in the right order.
    """

    key: str
    kind: Kind
    options: int
    right: tuple[str, ...]

    @property
    def letters(self) -> str:
        return LETTERS[: self.options]


@dataclass(frozen=True, slots=True)
class Grade:
    """`results` by the question's key: right, wrong, or None while somebody has to read it.
    `score` is whole percent, rounded down, of what is decided right so far; `right` of `total`.
    """

    results: Mapping[str, bool | None]
    right: int
    total: int
    outcome: Outcome

    @property
    def score(self) -> int:
        return percent(self.right, self.total)


def percent(right: int, total: int) -> int:
    """Rounded down, so that a mark is reached only where it is."""
    return right * 100 // total if total else 0


def grade(
    questions: Sequence[Question],
    answers: Mapping[str, Sequence[str] | str],
    pass_mark: int,
    decided: Mapping[str, bool] | None = None,
) -> Grade:
    """`answers` by key: letters, or own words. `decided`: what a reviewer said of own words.

    Each question counts the same; several right options count only all together. An attempt waits
    for its reviewer only where the reviewer's word can still change the outcome.
    """
    said = decided or {}
    results = {
        one.key: judge(one, answers.get(one.key, ()), decided=said.get(one.key))
        for one in questions
    }
    right = sum(1 for result in results.values() if result)
    waiting = sum(1 for result in results.values() if result is None)
    return Grade(
        results, right, len(questions), _outcome(right, waiting, len(questions), pass_mark)
    )


def judge(
    question: Question, answer: Sequence[str] | str, *, decided: bool | None = None
) -> bool | None:
    """Whether one answer is right; None where a person has to say."""
    if question.kind is Kind.TEXT:
        return decided if isinstance(answer, str) and answer.strip() else False
    given = tuple(answer)
    if question.kind is Kind.ORDERING:
        return given == question.right
    return len(given) == len(set(given)) and set(given) == set(question.right)


def _outcome(right: int, waiting: int, total: int, pass_mark: int) -> Outcome:
    if total and percent(right, total) >= pass_mark:
        return Outcome.PASSED
    if waiting and percent(right + waiting, total) >= pass_mark:
        return Outcome.REVIEW
    return Outcome.FAILED


def orders(questions: Sequence[Question], seed: str) -> dict[str, str]:
    """By the question's key: its letters in the order in which this attempt shows them. The same
    seed gives the same orders, on every machine. An ordering never shows the right order.
    """
    return {one.key: _order(one, seed) for one in questions}


def _order(question: Question, seed: str) -> str:
    def draw(letter: str) -> bytes:
        return sha256(f"{seed}\0{question.key}\0{letter}".encode()).digest()

    drawn = "".join(sorted(question.letters, key=draw))
    if question.kind is Kind.ORDERING and tuple(drawn) == question.right:
        return drawn[1:] + drawn[0]
    return drawn


def read_answer(question: Question, given: Sequence[str]) -> list[str] | str:
    """What a form sent, as an answer: letters that the question has, each once, in the order in
    which they came; own words cut to their length. Anything else is left out.
    """
    if question.kind is Kind.TEXT:
        return (given[0] if given else "").replace("\r\n", "\n").strip()[:LONGEST_ANSWER]
    known = [letter for letter in dict.fromkeys(given) if len(letter) == 1]
    letters = [letter for letter in known if letter in question.letters]
    return letters[:1] if question.kind is Kind.SINGLE else letters


def is_answered(question: Question, answer: Sequence[str] | str) -> bool:
    if question.kind is Kind.ORDERING:
        return len(answer) == question.options
    return bool(answer)


def attempts_left(allowed: int, used: int) -> int | None:
    """None where there is no limit (0)."""
    return None if allowed == 0 else max(0, allowed - used)


def read_places(question: Question, places: Mapping[str, str]) -> list[str]:
    """The letters of an ordering by the place that each was given, "1" first; empty unless every
    letter has a place of its own.
    """
    numbers = [str(number) for number in range(1, question.options + 1)]
    if sorted(places.get(letter, "") for letter in question.letters) != sorted(numbers):
        return []
    return sorted(question.letters, key=lambda letter: int(places[letter]))
