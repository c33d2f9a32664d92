"""What a course's working copy changes in its lessons, for those who review it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.course_file import LESSON_KEYS, said_of
from portal.domain.knowledge import COURSE
from portal.domain.text_difference import Difference
from portal.models import CourseLesson, LessonText
from portal.services.knowledge_held import hold_item
from portal.services.knowledge_revisions import difference
from portal.services.training.lesson_copies import copy_fields


@dataclass(frozen=True, slots=True)
class LessonChange:
    """`is_new`: readers have no such lesson in the language yet."""

    slug: str
    title: str
    is_new: bool
    difference: Difference


def lesson_changes(session: Session, slug: str, locale: str) -> list[LessonChange]:
    """In the order of the course; none where the text is no course. Raises NotFound, Forbidden."""
    held = hold_item(session, slug, lock=False)
    drafts = [one for one in held.lessons if one.locale == locale]
    if held.item.type != COURSE or not drafts:
        return []
    rows = session.execute(
        select(CourseLesson.id, CourseLesson.slug, CourseLesson.minutes, LessonText)
        .outerjoin(
            LessonText,
            (LessonText.lesson_id == CourseLesson.id) & (LessonText.locale == locale),
        )
        .where(CourseLesson.id.in_([one.lesson_id for one in drafts]))
    )
    known = {row.id: row for row in rows}
    return [
        LessonChange(
            slug=known[draft.lesson_id].slug,
            title=draft.title,
            is_new=known[draft.lesson_id].LessonText is None,
            difference=difference(
                *_read(known[draft.lesson_id].LessonText, known[draft.lesson_id].minutes),
                said_of(copy_fields(draft)),
                draft.body,
            ),
        )
        for draft in drafts
    ]


def _read(text: LessonText | None, minutes: int) -> tuple[dict[str, object], str]:
    if text is None:
        return {}, ""
    words = {key: getattr(text, key) for key in LESSON_KEYS if key != "minutes"}
    return said_of({**words, "minutes": minutes}), text.body
