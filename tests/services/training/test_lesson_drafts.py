"""Lessons go the way of their course: written, reviewed, published or thrown away with it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.models import (
    CourseLesson,
    KnowledgeVersion,
    KnowledgeWork,
    LessonDraft,
    LessonRevision,
    LessonText,
)
from portal.services.content_files import export_content
from portal.services.knowledge_drafts import DraftInput, EditConflict, discard_draft, start_item
from portal.services.knowledge_workflow import (
    approve,
    archive,
    ask_for_review,
    bring_back,
    publish_due,
    publish_now,
    schedule,
    send_back,
)
from portal.services.training.building import move_lesson, read_builder
from portal.services.training.courses import list_courses, read_course, read_lesson
from portal.services.training.lesson_changes import lesson_changes
from portal.services.training.lesson_drafts import (
    discard_lesson,
    open_lesson,
    save_lesson,
    start_lesson,
)
from tests.courses import SLUG, load_course, write_course, write_lesson
from tests.hub import reader
from tests.moments import NOON
from tests.newsroom import ANNA, BO, as_writer, newsroom

SAID = {"title": "Find it", "minutes": 6}


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Database:
    newsroom(database)
    write_course(tmp_path, locales=("en", "zh-Hans"))
    load_course(database, tmp_path)
    return database


def read(room: Database, lesson: str = "find", locale: str = "en") -> str:
    with reader(room, "acme", locale) as session:
        return read_lesson(session, SLUG, lesson).html


def count(room: Database, model: type) -> int:
    with as_writer(room, BO) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_lesson_is_read_once_its_course_is_approved(room: Database) -> None:
    before = read(room)
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "Look at **waits**.")
        assert read(room) == before
        ask_for_review(session, SLUG, "bo")
    with as_writer(room, BO) as session:
        (change,) = lesson_changes(session, SLUG, "en")
        assert (change.slug, change.is_new, change.difference.empty) == ("find", False, False)
        approve(session, SLUG, open_lesson(session, SLUG, "find", "en").seen)
    assert "<strong>waits</strong>" in read(room)
    assert (count(room, LessonDraft), count(room, KnowledgeWork)) == (0, 0)
    with as_writer(room, BO) as session:
        versions = dict(
            session.execute(select(KnowledgeVersion.locale, KnowledgeVersion.revision)).all()
        )
        texts = session.execute(
            select(LessonText.revision, LessonText.locale)
            .join(CourseLesson, CourseLesson.id == LessonText.lesson_id)
            .where(CourseLesson.slug == "find")
        )
        author = session.scalar(select(LessonRevision.author).where(LessonRevision.number == 2))
        # The course's own page says what it said, so it has no new revision.
        assert versions == {"en": 1, "zh-Hans": 1}
        assert {locale: number for number, locale in texts} == {"en": 2, "zh-Hans": 1}
        assert author == "Anna"


def test_what_was_changed_since_the_reviewer_looked_is_not_approved(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "One.")
        ask_for_review(session, SLUG, "bo")
    with as_writer(room, BO) as session:
        seen = open_lesson(session, SLUG, "find", "en").seen
        write_lesson(session, SLUG, "find", SAID, "Two.")
        with pytest.raises(Conflict):
            approve(session, SLUG, seen)


def test_in_review_nobody_else_writes_a_lesson(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "One.")
        ask_for_review(session, SLUG, "bo")
        with pytest.raises(Conflict):
            write_lesson(session, SLUG, "find", SAID, "Two.")
        with pytest.raises(Conflict):
            start_lesson(session, SLUG, "en", "More")
    with as_writer(room, BO) as session:
        send_back(session, SLUG, "More of it.")
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "Two.")


def test_a_scheduled_lesson_waits_for_its_moment(room: Database) -> None:
    with as_writer(room, BO) as session:
        write_lesson(session, SLUG, "find", SAID, "Later.")
        schedule(session, SLUG, NOON + timedelta(hours=2))
    assert "Later" not in read(room)
    with as_writer(room, BO, now=NOON + timedelta(hours=3)) as session:
        assert publish_due(session, SLUG)
    assert "Later" in read(room)


def test_a_new_lesson_is_nobody_s_before_it_is_published(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        name = start_lesson(session, SLUG, "en", "Tell everyone")
    with reader(room, "acme") as session:
        assert [one.slug for one in read_course(session, SLUG).lessons] == ["find", "leave-out"]
        assert list_courses(session)[0].lessons == 2
        with pytest.raises(NotFound):
            read_lesson(session, SLUG, name)
    with as_writer(room, BO) as session:
        with pytest.raises(Invalid) as refusal:
            publish_now(session, SLUG)
        assert list(refusal.value.fields) == ["en: Tell everyone"]
        write_lesson(session, SLUG, name, {}, "Tell them.")
        publish_now(session, SLUG)
    assert "Tell them" in read(room, name)


def test_a_course_begins_with_its_lessons(room: Database) -> None:
    fields = {"title": "New", "summary": "One.", "audience": "customers", "features": ["one"]}
    with as_writer(room, BO) as session:
        start_item(session, "course", "fresh", "en", fields, "## What you learn\n\nIt.\n")
        with pytest.raises(Invalid) as refusal:
            publish_now(session, "fresh")
        assert list(refusal.value.fields) == ["en: lessons"]
        second = start_lesson(session, "fresh", "en", "Second")
        first = start_lesson(session, "fresh", "en", "First")
        write_lesson(session, "fresh", second, {}, "Two.")
        write_lesson(session, "fresh", first, {}, "One.")
        move_lesson(session, "fresh", first, -1)
        publish_now(session, "fresh")
    with reader(room, "acme") as session:
        assert [one.title for one in read_course(session, "fresh").lessons] == ["First", "Second"]


def test_two_who_write_one_lesson_lose_nothing(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        token = open_lesson(session, SLUG, "find", "en").token
        save_lesson(session, SLUG, "find", "en", DraftInput({}, "Anna’s.", autosave=True), token)
    with as_writer(room, BO) as session:
        with pytest.raises(EditConflict) as conflict:
            save_lesson(session, SLUG, "find", "en", DraftInput({}, "Bo’s."), token)
        assert (conflict.value.by, conflict.value.theirs.body) == ("Anna", "Anna’s.\n")
        theirs = conflict.value.theirs.token
        session.rollback()
        save_lesson(session, SLUG, "find", "en", DraftInput({}, "Bo’s."), theirs)
        kept = session.scalars(select(LessonRevision.body).order_by(LessonRevision.id.desc()))
        assert kept.all()[:2] == ["Bo’s.\n", "Anna’s.\n"]


def test_published_together_with_its_source_a_translation_agrees_with_it(room: Database) -> None:
    with as_writer(room, BO) as session:
        write_lesson(session, SLUG, "find", SAID, "New.")
        publish_now(session, SLUG)
        behind = open_lesson(session, SLUG, "find", "zh-Hans")
        assert (behind.source_revision, behind.source_published) == (1, 2)
        write_lesson(session, SLUG, "find", SAID, "Newer.")
        write_lesson(session, SLUG, "find", {**SAID, "title": "找到"}, "新。", "zh-Hans")
        publish_now(session, SLUG)
        both = open_lesson(session, SLUG, "find", "zh-Hans")
        assert both.source_revision == both.source_published == 3


def test_a_load_meanwhile_is_not_written_over(room: Database, tmp_path: Path) -> None:
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "Mine.")
    place = tmp_path / "courses" / SLUG / "01-find.en.md"
    place.write_text(place.read_text().replace("slowest", "newest"))
    load_course(room, tmp_path)
    with as_writer(room, BO) as session:
        with pytest.raises(Conflict) as refusal:
            publish_now(session, SLUG)
        assert refusal.value.code == "overtaken"
        session.rollback()
        assert open_lesson(session, SLUG, "find", "en").overtaken
        write_lesson(session, SLUG, "find", SAID, "Mine.")
        publish_now(session, SLUG)
    assert "Mine" in read(room)


def test_a_load_spares_what_is_being_written_and_files_hold_only_what_is_read(
    room: Database, tmp_path: Path
) -> None:
    with as_writer(room, ANNA) as session:
        name = start_lesson(session, SLUG, "en", "Tell everyone")
        write_lesson(session, SLUG, "leave-out", SAID, "Mine.")
        place = tmp_path / "courses" / SLUG
        for locale in ("en", "zh-Hans"):
            (place / f"02-leave-out.{locale}.md").unlink()
    load_course(room, tmp_path)
    with as_writer(room, BO) as session:
        lines = read_builder(session, SLUG).lessons
        assert {(one.key, one.read) for one in lines} == {
            ("find", ("en", "zh-Hans")),
            ("leave-out", ()),
            (name, ()),
        }
        export_content(session, tmp_path / "out")
    written = sorted(one.name for one in (tmp_path / "out" / "courses" / SLUG).iterdir())
    assert written == sorted(one.name for one in place.iterdir())


def test_a_copy_thrown_away_is_a_revision_and_leaves_no_work(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        token = open_lesson(session, SLUG, "find", "en").token
        given = DraftInput({}, "Gone.", autosave=True)
        save_lesson(session, SLUG, "find", "en", given, token)
        assert not discard_lesson(session, SLUG, "find", "en")
        name = start_lesson(session, SLUG, "en", "Tell everyone")
        assert discard_lesson(session, SLUG, name, "en")
        kept = session.scalars(select(LessonRevision.body)).all()
        assert "Gone.\n" in kept
    assert (count(room, KnowledgeWork), count(room, LessonDraft)) == (0, 0)
    assert count(room, CourseLesson) == 2


def test_the_course_s_copy_takes_those_of_its_lessons_along(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "Gone.")
        discard_draft(session, SLUG, "en")
    assert count(room, LessonDraft) == 0


def test_a_course_comes_back_from_the_archive_as_it_was(room: Database) -> None:
    with as_writer(room, BO) as session:
        archive(session, SLUG)
        with pytest.raises(Conflict):
            write_lesson(session, SLUG, "find", SAID, "No.")
        session.rollback()
    with reader(room, "acme") as session:
        assert list_courses(session) == []
        with pytest.raises(NotFound):
            read_lesson(session, SLUG, "find")
    with as_writer(room, BO) as session:
        bring_back(session, SLUG)
    assert "slowest" in read(room)
