"""The courses of the hub for those who write them, in whatever state."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.knowledge import COURSE
from portal.models import CourseDraft, CourseLesson, CourseQuestion, KnowledgeItem, KnowledgeVersion
from portal.services.training.courses import nearest
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class KeptCourse:
    slug: str
    title: str
    locale: str
    state: str
    lessons: int
    questions: int


def kept_courses(session: Session) -> list[KeptCourse]:
    """Every item of type course, in whatever state, for those who write."""
    rows = session.execute(
        select(
            KnowledgeItem.id,
            KnowledgeItem.slug,
            KnowledgeItem.state,
            KnowledgeVersion.locale,
            KnowledgeVersion.title,
        )
        .outerjoin(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.type == COURSE)
        .order_by(KnowledgeItem.slug)
    )
    held: dict[int, dict[str, Any]] = {}
    for row in rows:
        held.setdefault(row.id, {})[row.locale or ""] = row
    lessons, questions = _counts(session, CourseLesson), _counts(session, CourseQuestion)
    questions |= _questions_to_come(session)
    made = []
    for number, versions in held.items():
        row = (
            versions[nearest(scope_of(session).locale, versions)]
            if "" not in versions
            else versions[""]
        )
        counted = lessons.get(number, 0), questions.get(number, 0)
        made.append(
            KeptCourse(row.slug, row.title or row.slug, row.locale or "", row.state, *counted)
        )
    return made


def _counts(session: Session, model: type[CourseLesson] | type[CourseQuestion]) -> dict[int, int]:
    rows = session.execute(select(model.course_id, func.count()).group_by(model.course_id))
    return {number: int(count) for number, count in rows}


def _questions_to_come(session: Session) -> dict[int, int]:
    """As working copies have them."""
    rows = session.execute(select(CourseDraft.course_id, CourseDraft.shape))
    return {number: len(shape["questions"]) for number, shape in rows}
