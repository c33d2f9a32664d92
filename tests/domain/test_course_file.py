"""Lessons and quizzes as files: read strictly, written back byte for byte."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.course_file import read_lesson, write_lesson
from portal.domain.errors import Invalid
from portal.domain.quiz_file import QuestionFile, QuizFile, read_quiz, write_quiz
from portal.domain.quizzes import Kind

README = (Path(__file__).parents[2] / "content" / "README.md").read_text()
LESSON = """---
title: Find the step that waits
chapter: Before you change anything
minutes: 6
video: https://video.ferrymark.example/find
captions: https://video.ferrymark.example/find.en.vtt
---

An approval is only as fast as its slowest step.
"""
QUIZ = """pass_mark: 80
attempts: 3
valid_months: 24
questions:
  - key: slowest-step
    kind: single
    ask: Where do you look first?
    options:
      - right: "At the step that waits: the longest one"
      - wrong: At the step with most people
    why: The longest wait decides.
"""


def documented(beginning: str) -> str:
    """The example of the documentation whose first line this is, without its indent."""
    found = re.search(
        rf"(?:^    {re.escape(beginning)}\n)(?:^(?:    .*)?\n)*", README, re.MULTILINE
    )
    assert found
    return "\n".join(line[4:] for line in found.group().rstrip().split("\n")) + "\n"


def test_the_documented_files_read_and_write_back() -> None:
    lesson, quiz = documented("---"), documented("pass_mark: 80")
    assert write_lesson(read_lesson("c", "01-find.en.md", lesson)) == lesson
    assert write_quiz(read_quiz("c", "quiz.en.yaml", quiz)) == quiz
    assert {one.kind for one in read_quiz("c", "quiz.en.yaml", quiz).questions} == set(Kind)


def test_a_lesson_writes_back_what_it_reads() -> None:
    lesson = read_lesson("shorter-chains", "02-find-the-step.zh-Hant.md", LESSON)
    assert (lesson.number, lesson.slug, lesson.locale) == (2, "find-the-step", "zh-Hant")
    assert write_lesson(lesson) == LESSON
    assert lesson.path == "courses/shorter-chains/02-find-the-step.zh-Hant.md"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("title: Find the step that waits\n", "", "title"),
        ("minutes: 6", "minutes: 0", "minutes"),
        ("minutes: 6", "minutes: yes", "minutes"),
        ("minutes: 6", "minutes: 6\ncolour: red", "colour"),
        ("captions: https://video.ferrymark.example/find.en.vtt\n", "", "captions"),
        ("https://video.ferrymark.example/find\n", "javascript:alert(1)\n", "video"),
        ("https://video.ferrymark.example/find\n", "//evil.example/x\n", "video"),
        ("An approval is only as fast as its slowest step.\n", "", "body"),
    ],
)
def test_a_wrong_lesson_is_refused_by_key(old: str, new: str, key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_lesson("c", "01-find.en.md", LESSON.replace(old, new))
    assert list(refusal.value.fields) == [key]


@pytest.mark.parametrize("name", ["find.en.md", "1-find.en.md", "00-find.en.md", "01-find.fr.md"])
def test_a_wrong_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        read_lesson("c", name, LESSON)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("pass_mark: 80", "pass_mark: 101", "pass_mark"),
        ("attempts: 3", "attempts: many", "attempts"),
        ("kind: single", "kind: guess", "question 1, kind"),
        ("- wrong: At", "- right: At", "question 1, options"),
        ("- wrong: At", "- no: At", "question 1, options"),
        ("    why: The longest wait decides.\n", "", "question 1, why"),
        ("    why: T", "    who: me\n    why: T", "question 1, who"),
        ("key: slowest-step", "key: Slowest", "question 1, key"),
    ],
)
def test_a_wrong_quiz_is_refused_by_key(old: str, new: str, key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_quiz("c", "quiz.en.yaml", QUIZ.replace(old, new))
    assert list(refusal.value.fields) == [key]


@pytest.mark.parametrize("text", ["", "- a", "a: *b", "a: 1\na: 2", "[" * 3000, "a: !!python/none"])
def test_hostile_yaml_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_quiz("c", "quiz.en.yaml", text)


line = (
    st.text(min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda s: s and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", s))
    .filter(lambda s: not re.search(r"[\ufeff\ufffe\uffff]", s))
)
key = st.from_regex(r"[a-z]{1,8}(?:-[a-z0-9]{1,5})?", fullmatch=True)


@st.composite
def questions(draw: st.DrawFn) -> QuestionFile:
    kind = draw(st.sampled_from(Kind))
    words = draw(st.lists(line, min_size=2, max_size=6, unique=True))
    if kind is Kind.ORDERING:
        right = [True] * len(words)
    elif kind is Kind.SINGLE:
        right = [at == 0 for at in range(len(words))]
    else:
        right = [True, *draw(st.lists(st.booleans(), min_size=len(words) - 1))][: len(words)]
    options = () if kind is Kind.TEXT else tuple(zip(words, right, strict=True))
    answer = draw(line) if kind is Kind.TEXT else ""
    return QuestionFile(draw(key), kind, draw(line), options, answer, draw(line))


@given(st.lists(questions(), min_size=1, max_size=4, unique_by=lambda one: one.key))
def test_any_quiz_reads_back_the_same(asked: list[QuestionFile]) -> None:
    quiz = QuizFile("c", "en", 70, 0, 12, tuple(asked))
    assert read_quiz("c", "quiz.en.yaml", write_quiz(quiz)) == quiz
