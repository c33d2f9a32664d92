"""What the languages of a course share: the order of its lessons, the rules of its quiz and the
questions; as it is read, and as its working copy has it.
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from portal.models import Course, CourseLesson
from portal.services.knowledge_held import Held
from portal.services.training.course_counts import is_read
from portal.services.training.quizzes import question_rows

USUAL_RULES = {"pass_mark": 80, "attempts": 3, "valid_months": 24}


@dataclass(slots=True)
class ShapedQuestion:
    """As CourseQuestion has it."""

    key: str
    kind: str
    options: int
    right: list[str]
    words: dict[str, Any]


@dataclass(slots=True)
class CourseShape:
    """`order`: names of all lessons; `removed`: of those that go."""

    order: list[str]
    removed: list[str]
    pass_mark: int
    attempts: int
    valid_months: int
    questions: list[ShapedQuestion]

    @property
    def graded(self) -> Any:
        """What an attempt that is under way was begun with."""
        said = {one.key: (one.kind, one.options, one.right) for one in self.questions}
        return self.pass_mark, said


def read_shape(session: Session, course_id: int) -> CourseShape:
    """As its readers have it; lessons that nobody has read yet are among the others."""
    course = session.get(Course, course_id)
    rules = {name: getattr(course, name) if course else USUAL_RULES[name] for name in USUAL_RULES}
    order, questions = _names(session, course_id, true()), _questions(session, course_id)
    return CourseShape(order, [], **rules, questions=questions)


def shape_of(session: Session, held: Held) -> CourseShape:
    """As the working copy has it; as it is read where there is none."""
    read = read_shape(session, held.item.id)
    if held.shape is None:
        return read
    said = held.shape.shape
    known = [name for name in said["order"] if name in read.order]
    return CourseShape(
        order=[*known, *(name for name in read.order if name not in known)],
        removed=[name for name in said["removed"] if name in read.order],
        **{name: said[name] for name in USUAL_RULES},
        questions=[ShapedQuestion(**one) for one in said["questions"]],
    )


def digest_of_shape(session: Session, course_id: int) -> str:
    """Of what readers have: it stays the same while lessons are only begun."""
    said = asdict(read_shape(session, course_id))
    said["order"] = _names(session, course_id, is_read())
    return sha256(repr(sorted(said.items())).encode()).hexdigest()


def is_overtaken(session: Session, held: Held) -> bool:
    """Readers have something else by now than what the working copy was begun from."""
    draft = held.shape
    return draft is not None and draft.based_on != digest_of_shape(session, held.item.id)


def _names(session: Session, course_id: int, which: ColumnElement[bool]) -> list[str]:
    wanted = (
        select(CourseLesson.slug)
        .where(CourseLesson.course_id == course_id, which)
        .order_by(CourseLesson.position, CourseLesson.id)
    )
    return list(session.scalars(wanted))


def _questions(session: Session, course_id: int) -> list[ShapedQuestion]:
    # Sorted as JSON comes back from a database, which keeps no order of keys.
    return [
        ShapedQuestion(row.key, row.kind, row.options, list(row.right), _sorted(row.words))
        for row in question_rows(session, course_id)
    ]


def _sorted(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: _sorted(said[key]) for key in sorted(said)}
    return said
