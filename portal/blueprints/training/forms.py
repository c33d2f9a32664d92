"""What a learner's answers look like as a form: one field a question, named by its key."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from portal.domain.quizzes import Kind, Question, read_answer, read_places
from portal.services.training.quizzes import AskedQuestion


def read_answers(
    sent: MultiDict[str, str], questions: Sequence[AskedQuestion]
) -> dict[str, Sequence[str] | str]:
    """By the question's key; whatever else was sent is not looked at."""
    return {one.question.key: _answer(sent, one.question) for one in questions}


def field_name(key: str, letter: str = "") -> str:
    return f"q-{key}.{letter}" if letter else f"q-{key}"


def typed_places(
    sent: MultiDict[str, str], questions: Sequence[AskedQuestion]
) -> dict[str, dict[str, str]]:
    """Of the orderings: by key and letter the place that was chosen, to show it again."""
    return {
        one.question.key: _places(sent, one.question)
        for one in questions
        if one.question.kind is Kind.ORDERING
    }


def _answer(sent: MultiDict[str, str], question: Question) -> Sequence[str] | str:
    if question.kind is Kind.ORDERING:
        return read_places(question, _places(sent, question))
    return read_answer(question, sent.getlist(field_name(question.key)))


def _places(sent: MultiDict[str, str], question: Question) -> dict[str, str]:
    return {one: sent.get(field_name(question.key, one), "") for one in question.letters}
