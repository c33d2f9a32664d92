"""How changes are judged, in words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.domain.request_judging import (
    AskedBy,
    Core,
    Effort,
    Judgement,
    Outcome,
    Question,
    Risk,
    Urgency,
)
from portal.web.prose import row_of

OUTCOMES: Mapping[Outcome, Any] = {
    Outcome.THIS_PHASE: _l("This phase"),
    Outcome.TELL_FIRST: _l("This phase, once they know the risk"),
    Outcome.PHASE_TWO: _l("Phase two"),
}
QUESTIONS: Mapping[Question, Any] = {
    Question.CORE: _l("Is it of a core process?"),
    Question.ASKER: _l("Who asks for it?"),
    Question.URGENCY: _l("How urgent is it?"),
    Question.EFFORT: _l("What does it cost us?"),
    Question.RISK: _l("Have we told them of the risk?"),
}
ANSWERS: Mapping[Question, Mapping[StrEnum, Any]] = {
    Question.CORE: {Core.YES: _l("Core process"), Core.NO: _l("Not a core process")},
    Question.ASKER: {
        AskedBy.DECIDES: _l("Whoever decides there"),
        AskedBy.OWNS: _l("Whoever answers for the process"),
        AskedBy.USES: _l("Those who work with it"),
        AskedBy.VENDOR: _l("We ourselves"),
    },
    Question.URGENCY: {
        Urgency.NOW: _l("This phase stands or falls with it"),
        Urgency.QUARTER: _l("Within a quarter"),
        Urgency.LATER: _l("It can wait"),
    },
    Question.EFFORT: {
        Effort.DAYS: _l("Days of work"),
        Effort.WEEKS: _l("Weeks of work"),
        Effort.MONTHS: _l("Months of work"),
    },
    Question.RISK: {
        Risk.TOLD: _l("They know the risk"),
        Risk.UNTOLD: _l("Not told yet"),
        Risk.NONE: _l("No risk seen"),
    },
}


def outcome_words(outcome: str) -> str:
    """Empty where nothing is judged."""
    return str(OUTCOMES[Outcome(outcome)]) if outcome in set(Outcome) else ""


def judged_answers(judgement: Judgement) -> list[tuple[str, str]]:
    """Each question with its answer, and the remark behind it."""
    return [
        (str(words), row_of((_answer(question, judgement), judgement.remarks.get(question, ""))))
        for question, words in QUESTIONS.items()
    ]


def _answer(question: Question, judgement: Judgement) -> str:
    given = judgement.answers[question]
    return next((str(words) for one, words in ANSWERS[question].items() if one == given), "")
