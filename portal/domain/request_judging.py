"""How a change request is judged (DOMAIN §5): core process or not, who asks, urgency, effort, risk
told. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.errors import Invalid

LONGEST_REMARK = 500


class Question(StrEnum):
    CORE = "core"
    ASKER = "asker"
    URGENCY = "urgency"
    EFFORT = "effort"
    RISK = "risk"


class Core(StrEnum):
    """Is it of a core process?"""

    YES = "yes"
    NO = "no"


class AskedBy(StrEnum):
    """Who asks for it?"""

    DECIDES = "decides"
    OWNS = "owns"
    USES = "uses"
    VENDOR = "vendor"


class Urgency(StrEnum):
    NOW = "now"
    QUARTER = "quarter"
    LATER = "later"


class Effort(StrEnum):
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class Risk(StrEnum):
    """Has the customer been told which risk it brings?"""

    TOLD = "told"
    UNTOLD = "untold"
    NONE = "none"


class Outcome(StrEnum):
    """What the answers come to. `tell_first`: this phase, once the customer knows the risk."""

    THIS_PHASE = "this_phase"
    TELL_FIRST = "tell_first"
    PHASE_TWO = "phase_two"


ANSWERS: Mapping[Question, type[StrEnum]] = {
    Question.CORE: Core,
    Question.ASKER: AskedBy,
    Question.URGENCY: Urgency,
    Question.EFFORT: Effort,
    Question.RISK: Risk,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer to each question, a value of its ANSWERS, and a remark to some."""

    answers: Mapping[Question, str]
    remarks: Mapping[Question, str] = field(default_factory=dict)


def outcome_of(judgement: Judgement) -> Outcome:
    """A core process goes into this phase, unless it can wait; all else is phase two."""
    answers = judgement.answers
    if answers[Question.CORE] != Core.YES or answers[Question.URGENCY] == Urgency.LATER:
        return Outcome.PHASE_TWO
    return Outcome.TELL_FIRST if answers[Question.RISK] == Risk.UNTOLD else Outcome.THIS_PHASE


def check_judgement(judgement: Judgement) -> Judgement:
    """As it may be kept. Raises Invalid, with `core` or `core_remark` beside what is wrong."""
    fields: dict[str, str] = {}
    for question, of in ANSWERS.items():
        if judgement.answers.get(question) not in set(of):
            fields[question.value] = "Answer this too."
        if len(judgement.remarks.get(question, "").strip()) > LONGEST_REMARK:
            fields[f"{question.value}_remark"] = "Keep it under 500 characters."
    if fields:
        raise Invalid("The five questions are not answered.", code="bad-judgement", fields=fields)
    remarks = {one: text.strip() for one, text in judgement.remarks.items() if text.strip()}
    return Judgement({one: judgement.answers[one] for one in ANSWERS}, remarks)
