"""Grading and shuffling: pure, the same everywhere, compared with counting by hand."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.quizzes import (
    LETTERS,
    Kind,
    Outcome,
    Question,
    attempts_left,
    grade,
    is_answered,
    judge,
    orders,
    read_answer,
)

ONE = Question("one", Kind.SINGLE, 3, ("b",))
SEVERAL = Question("several", Kind.MULTIPLE, 4, ("a", "c"))
STEPS = Question("steps", Kind.ORDERING, 3, ("a", "b", "c"))
WORDS = Question("words", Kind.TEXT, 0, ())
ALL = (ONE, SEVERAL, STEPS, WORDS)


@st.composite
def some_questions(draw: st.DrawFn) -> list[Question]:
    kinds = draw(st.lists(st.sampled_from(Kind), min_size=1, max_size=8))
    made = []
    for at, kind in enumerate(kinds):
        count = 0 if kind is Kind.TEXT else draw(st.integers(2, 6))
        letters = LETTERS[:count]
        right = {
            Kind.SINGLE: tuple(letters[:1]),
            Kind.MULTIPLE: tuple(letters[: max(1, count // 2)]),
            Kind.ORDERING: tuple(letters),
            Kind.TEXT: (),
        }[kind]
        made.append(Question(f"q{at}", kind, count, right))
    return made


def test_each_kind_is_judged() -> None:
    assert judge(ONE, ["b"])
    assert not judge(ONE, ["a"])
    assert judge(SEVERAL, ["c", "a"])
    assert not judge(SEVERAL, ["a"])
    assert not judge(SEVERAL, ["a", "b", "c"])
    assert judge(STEPS, ["a", "b", "c"])
    assert not judge(STEPS, ["b", "a", "c"])
    assert not judge(STEPS, [])
    assert judge(WORDS, "Because it waits") is None
    assert judge(WORDS, "  ") is False
    assert judge(WORDS, "Because it waits", decided=True) is True


def test_doubled_letters_count_for_nothing() -> None:
    assert not judge(SEVERAL, ["a", "a", "c"])


def test_only_one_order_of_the_steps_is_right() -> None:
    assert [judge(STEPS, one) for one in permutations("abc")].count(True) == 1


def test_the_reviewer_is_waited_for_only_where_the_word_matters() -> None:
    right = {"one": ["b"], "several": ["a", "c"], "steps": ["a", "b", "c"], "words": "So"}
    assert grade(ALL, right, 75).outcome is Outcome.PASSED
    assert grade(ALL, right, 76).outcome is Outcome.REVIEW
    assert grade(ALL, {**right, "one": ["a"]}, 76).outcome is Outcome.FAILED
    assert grade(ALL, right, 76, {"words": True}).score == 100
    assert grade(ALL, right, 76, {"words": False}).outcome is Outcome.FAILED


@given(some_questions(), st.integers(1, 100), st.data())
def test_a_grade_is_what_counting_says(
    questions: list[Question], mark: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(questions), max_size=len(questions)))
    answers: dict[str, list[str] | str] = {}
    for question, good in zip(questions, chosen, strict=True):
        if question.kind is Kind.TEXT:
            answers[question.key] = "words"
        else:
            answers[question.key] = list(question.right) if good else []
    decided = {one.key: good for one, good in zip(questions, chosen, strict=True)}
    found = grade(questions, answers, mark, decided)
    assert found.right == sum(chosen)
    enough = sum(chosen) * 100 >= mark * len(questions)
    assert found.outcome is (Outcome.PASSED if enough else Outcome.FAILED)


@given(some_questions(), st.integers(1, 100))
def test_no_answer_never_passes(questions: list[Question], mark: int) -> None:
    assert grade(questions, {}, mark).outcome is Outcome.FAILED


@given(some_questions(), st.text(max_size=12), st.text(max_size=12))
def test_an_order_holds_each_option_once_and_stays(
    questions: list[Question], seed: str, other: str
) -> None:
    first = orders(questions, seed)
    assert first == orders(list(reversed(questions)), seed)
    for one in questions:
        assert sorted(first[one.key]) == list(one.letters)
        if one.kind is Kind.ORDERING:
            assert tuple(first[one.key]) != one.right
            assert tuple(orders([one], other)[one.key]) != one.right


def test_two_attempts_are_shuffled_apart() -> None:
    wide = Question("wide", Kind.SINGLE, 8, ("a",))
    assert len({orders([wide], f"attempt {n}")["wide"] for n in range(40)}) > 30


@given(st.lists(st.text(max_size=3), max_size=6))
def test_only_letters_of_the_question_are_read(sent: list[str]) -> None:
    for one in (ONE, SEVERAL, STEPS):
        answer = read_answer(one, sent)
        assert set(answer) <= set(one.letters)
        assert len(answer) == len(set(answer))
        assert is_answered(one, read_answer(one, one.letters))


def test_own_words_are_cut_and_trimmed() -> None:
    assert read_answer(WORDS, [" a\r\nb "]) == "a\nb"
    assert len(read_answer(WORDS, ["x" * 9000])) == 4000
    assert read_answer(WORDS, []) == ""


def test_attempts_that_are_left() -> None:
    assert [attempts_left(0, 9), attempts_left(3, 1), attempts_left(3, 5)] == [None, 2, 0]
