"""What a course's working copy changes in the order of its lessons, in its quiz and its rules, for
those who review it.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.quizzes import LETTERS, Kind
from portal.domain.text_difference import Difference
from portal.models import CourseLesson, LessonText
from portal.services.knowledge_held import hold_item
from portal.services.knowledge_revisions import difference
from portal.services.training.course_shape import (
    USUAL_RULES,
    CourseShape,
    ShapedQuestion,
    read_shape,
    shape_of,
)
from portal.services.training.courses import nearest
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class ShapeChanges:
    """`rules`: name, as it is read, as it will be. `removed`: titles of the lessons that go."""

    order: Difference
    quiz: Difference
    rules: list[tuple[str, int, int]]
    removed: list[str]


def shape_changes(session: Session, slug: str) -> ShapeChanges | None:
    """In the reader's language. None where nothing of it changes. Raises NotFound, Forbidden."""
    held = hold_item(session, slug, lock=False)
    if held.shape is None:
        return None
    locale = scope_of(session).locale
    read, said = read_shape(session, held.item.id), shape_of(session, held)
    titles = _titles(session, held.item.id, locale)
    titles |= {name: name for name in said.order if name not in titles}
    rules = [(name, getattr(read, name), getattr(said, name)) for name in USUAL_RULES]
    return ShapeChanges(
        order=difference({}, _order(read, titles), {}, _order(said, titles)),
        quiz=difference({}, _quiz(read, locale), {}, _quiz(said, locale)),
        rules=[one for one in rules if one[1] != one[2]],
        removed=[titles[name] for name in said.removed],
    )


def _titles(session: Session, course_id: int, locale: str) -> dict[str, str]:
    rows = session.execute(
        select(CourseLesson.slug, LessonText.locale, LessonText.title)
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
        .where(CourseLesson.course_id == course_id)
    )
    held: dict[str, dict[str, str]] = {}
    for row in rows:
        held.setdefault(row.slug, {})[row.locale] = row.title
    return {name: words[nearest(locale, words)] for name, words in held.items()}


def _order(shape: CourseShape, titles: dict[str, str]) -> str:
    return "\n".join(titles[name] for name in shape.order if name not in shape.removed)


def _quiz(shape: CourseShape, locale: str) -> str:
    return "\n".join(_told(one, nearest(locale, one.words)) for one in shape.questions)


def _told(one: ShapedQuestion, locale: str) -> str:
    """A question in lines; ✓ stands before what is right, → before the next step."""
    words = one.words[locale]
    marks = [_mark(one, letter) for letter in LETTERS[: one.options]]
    options = [f"{mark} {said}" for mark, said in zip(marks, words["options"], strict=True)]
    return "\n".join([words["ask"], *options, *filter(None, (words["answer"], words["why"]))])


def _mark(one: ShapedQuestion, letter: str) -> str:
    if one.kind == Kind.ORDERING:
        return "→"
    return "✓" if letter in one.right else "–"
