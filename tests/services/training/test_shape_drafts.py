"""Order, quiz and rules of a course go the way of its texts: written, reviewed, published."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.domain.errors import Conflict, Forbidden
from portal.models import Course, CourseDraft, CourseLesson, CourseQuestion, KnowledgeWork
from portal.services.knowledge_drafts import discard_draft, open_draft
from portal.services.knowledge_workflow import approve, ask_for_review, publish_now
from portal.services.training.building import move_lesson, read_builder, remove_lesson, save_rules
from portal.services.training.lesson_drafts import start_lesson
from portal.services.training.question_desk import move_question, remove_question
from portal.services.training.shape_changes import shape_changes
from tests.courses import SLUG, load_course, write_course, write_lesson
from tests.hub import reader
from tests.newsroom import ANNA, BO, as_writer, newsroom

SAID = {"title": "Find it", "minutes": 6}


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Database:
    newsroom(database)
    write_course(tmp_path, locales=("en", "zh-Hans"))
    load_course(database, tmp_path)
    return database


def count(room: Database, model: type) -> int:
    with as_writer(room, BO) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def shape(room: Database) -> tuple[list[str], list[str], int, int]:
    """Order, questions, pass mark and revision, as the tables have them."""
    with as_writer(room, BO) as session:
        lessons = session.scalars(select(CourseLesson.slug).order_by(CourseLesson.position)).all()
        keys = session.scalars(select(CourseQuestion.key).order_by(CourseQuestion.position)).all()
        mark, revision = session.execute(select(Course.pass_mark, Course.revision)).one()
        return list(lessons), list(keys), mark, revision


def test_order_and_quiz_are_reviewed_with_their_course(room: Database) -> None:
    before = shape(room)
    with as_writer(room, ANNA) as session:
        save_rules(session, SLUG, pass_mark=50, attempts=1, valid_months=1)
        move_lesson(session, SLUG, "find", 1)
        remove_question(session, SLUG, "shorter")
        assert read_builder(session, SLUG).shaped
        ask_for_review(session, SLUG, "bo")
        with pytest.raises(Conflict):
            move_lesson(session, SLUG, "find", -1)
        session.rollback()
    assert shape(room) == before
    with as_writer(room, BO) as session:
        seen = open_draft(session, SLUG, "en").seen
        changes = shape_changes(session, SLUG)
        assert changes is not None
        assert [one[0] for one in changes.rules] == ["pass_mark", "attempts", "valid_months"]
        assert not changes.order.empty
        assert not changes.quiz.empty
        approve(session, SLUG, seen)
    assert shape(room) == (["leave-out", "find"], ["slowest", "order"], 50, before[3] + 1)
    assert (count(room, CourseDraft), count(room, KnowledgeWork)) == (0, 0)
    with reader(room, "acme") as session, pytest.raises(Forbidden):
        move_lesson(session, SLUG, "find", 1)


def test_back_to_what_is_read_leaves_no_draft(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        move_lesson(session, SLUG, "find", 1)
        move_lesson(session, SLUG, "find", -1)
        move_question(session, SLUG, "order", -1)
        remove_lesson(session, SLUG, "find")
        discard_draft(session, SLUG, "en")
        remove_lesson(session, SLUG, start_lesson(session, SLUG, "en", "Mine"))
    assert (count(room, CourseDraft), count(room, KnowledgeWork)) == (0, 0)
    assert count(room, CourseLesson) == 2


def test_one_language_published_takes_order_and_quiz_along(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "找到。", "zh-Hans")
        move_lesson(session, SLUG, "find", 1)
        # A change of attempts alone spoils no attempt that is under way.
        save_rules(session, SLUG, pass_mark=67, attempts=5, valid_months=24)
    before = shape(room)
    with as_writer(room, BO) as session:
        publish_now(session, SLUG, ["zh-Hans"])
    assert shape(room) == (["leave-out", "find"], *before[1:])
    assert count(room, CourseDraft) == 0
