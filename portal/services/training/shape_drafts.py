"""Working copies of what the languages of a course share: begun, saved, thrown away."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.content_draft import tidy_fields
from portal.domain.errors import NotFound
from portal.domain.knowledge import COURSE
from portal.models import CourseDraft
from portal.services.audit import record
from portal.services.knowledge_drafts import write_copy
from portal.services.knowledge_held import Held, touch
from portal.services.knowledge_keeping import CONVERTED
from portal.services.training.course_shape import (
    CourseShape,
    digest_of_shape,
    is_overtaken,
    read_shape,
)
from portal.services.training.course_texts import course_of
from portal.services.training.lesson_drafts import drop_idle_copy, hold_course, hold_writing
from portal.tenancy import scope_of


def hold_shape(session: Session, slug: str) -> Held:
    """The course, to change what its working copy says. Raises NotFound, and Conflict in review."""
    held = hold_course(session, slug)
    hold_writing(session, held)
    return held


def write_shape(session: Session, held: Held, shape: CourseShape, what: str) -> None:
    """The working copy goes where it says what is read. `what` changed is for the audit."""
    item = held.item
    if shape == read_shape(session, item.id) and not is_overtaken(session, held):
        _drop(session, held)
    else:
        _write(session, held, shape)
    record(session, "course.drafted", "course", item.slug, what=what)
    session.flush()


def discard_shape(session: Session, slug: str) -> None:
    """Order, quiz and rules are again as they are read. Raises NotFound where nothing differs, and
    Conflict in review. Commits.
    """
    held = hold_shape(session, slug)
    if held.shape is None:
        raise NotFound
    _drop(session, held)
    record(session, "course.draft-discarded", "course", slug)
    session.commit()


def go_on_with_shape(session: Session, slug: str) -> None:
    """Whoever does so has been told of what was published meanwhile. Raises as discard_shape.
    Commits.
    """
    held = hold_shape(session, slug)
    if held.shape is None:
        raise NotFound
    held.shape.based_on, held.shape.token = digest_of_shape(session, held.item.id), new_key()
    touch(session, held)
    record(session, "course.drafted", "course", slug, what="over what was published")
    session.commit()


def _write(session: Session, held: Held, shape: CourseShape) -> None:
    now, course = scope_of(session).now, course_of(session, held.item.slug)
    if held.shape is None:
        based_on = digest_of_shape(session, held.item.id)
        held.shape = CourseDraft(course_id=course.item_id, based_on=based_on)
        session.add(held.shape)
    held.shape.shape, held.shape.token = asdict(shape), new_key()
    held.shape.author_id, held.shape.saved_at = scope_of(session).user_id, now
    if all(one.origin == CONVERTED for one in held.drafts.values()):
        source = held.item.source_locale
        fields = tidy_fields(COURSE, held.fields(source))
        write_copy(session, held, source, fields, held.body(source))
    touch(session, held)


def _drop(session: Session, held: Held) -> None:
    if held.shape is not None:
        session.delete(held.shape)
        held.shape = None
        session.flush()
        drop_idle_copy(session, held, held.item.source_locale)
