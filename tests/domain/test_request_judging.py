"""How a change is judged: every answer to the five questions, and what they come to."""

from itertools import product

import pytest

from portal.domain.errors import Invalid
from portal.domain.request_judging import (
    ANSWERS,
    Judgement,
    Outcome,
    Question,
    check_judgement,
    outcome_of,
)

GOOD = {
    Question.CORE: "yes",
    Question.ASKER: "owns",
    Question.URGENCY: "now",
    Question.EFFORT: "days",
    Question.RISK: "told",
}


_THREE = (Question.CORE, Question.URGENCY, Question.RISK)


def test_what_all_answers_come_to() -> None:
    found: dict[Outcome, list[tuple[str, str, str]]] = {one: [] for one in Outcome}
    for given in product(*(list(of) for of in ANSWERS.values())):
        answers = {one: answer.value for one, answer in zip(ANSWERS, given, strict=True)}
        core, urgency, risk = (answers[one] for one in _THREE)
        found[outcome_of(Judgement(answers))].append((core, urgency, risk))
    assert set(found[Outcome.TELL_FIRST]) == {
        ("yes", "now", "untold"),
        ("yes", "quarter", "untold"),
    }
    now = {("yes", urgency, risk) for urgency in ("now", "quarter") for risk in ("told", "none")}
    assert set(found[Outcome.THIS_PHASE]) == now
    assert all(core == "no" or urgency == "later" for core, urgency, _ in found[Outcome.PHASE_TWO])
    assert sum(map(len, found.values())) == 2 * 4 * 3 * 3 * 3


@pytest.mark.parametrize("question", list(Question))
def test_each_question_is_answered_with_a_word_of_its_own(question: Question) -> None:
    for wrong in ({**GOOD, question: "perhaps"}, {k: v for k, v in GOOD.items() if k != question}):
        with pytest.raises(Invalid) as refused:
            check_judgement(Judgement(wrong))
        assert set(refused.value.fields) == {question.value}


def test_remarks_are_cut_of_spaces_and_may_not_be_long() -> None:
    kept = check_judgement(Judgement(GOOD, {Question.RISK: " In the call ", Question.CORE: "  "}))
    assert kept.remarks == {Question.RISK: "In the call"}
    with pytest.raises(Invalid) as refused:
        check_judgement(Judgement(GOOD, {Question.ASKER: "x" * 501}))
    assert set(refused.value.fields) == {"asker_remark"}
