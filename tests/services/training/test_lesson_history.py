"""Revisions of lessons, and their languages beside each other."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal.db import Database
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.knowledge_files import file_address
from portal.services.file_store import FileStore
from portal.services.knowledge_files import store_media, sweep_files
from portal.services.knowledge_workflow import ask_for_review, publish_now
from portal.services.training.building import read_builder
from portal.services.training.lesson_drafts import open_lesson, start_lesson
from portal.services.training.lesson_languages import (
    lesson_side_by_side,
    lesson_states,
    mark_lesson_current,
)
from portal.services.training.lesson_revisions import (
    compare_lessons,
    list_lesson_revisions,
    restore_lesson,
)
from tests.courses import SLUG, load_course, write_course, write_lesson
from tests.hub import reader
from tests.moments import NOON, at
from tests.newsroom import ANNA, BO, as_writer, newsroom

SAID = {"title": "find (en)", "minutes": 4}


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Database:
    newsroom(database)
    write_course(tmp_path, locales=("en", "zh-Hans"))
    load_course(database, tmp_path)
    return database


def states(room: Database) -> dict[str, str]:
    with as_writer(room, BO) as session:
        return {one.locale: one.state for one in lesson_states(session, SLUG, "find")}


def test_revisions_are_listed_compared_and_restored(room: Database) -> None:
    with as_writer(room, BO) as session:
        write_lesson(session, SLUG, "find", SAID, "The newest step decides.")
        publish_now(session, SLUG)
        lines = list_lesson_revisions(session, SLUG, "find", "en")
        assert [(one.number, one.origin, one.current) for one in lines] == [
            (2, "web", True),
            (1, "file", False),
        ]
        (line,) = compare_lessons(session, SLUG, "find", "en", 1, 2).lines
        assert ("slowest", "removed") in [(words.strip(), kind) for words, kind in line.segments]
        assert ("newest", "added") in [(words.strip(), kind) for words, kind in line.segments]
        write_lesson(session, SLUG, "find", SAID, "Under way.")
        draft = restore_lesson(session, SLUG, "find", "en", 1)
        assert (draft.body, draft.overtaken) == ("The slowest step decides.\n", False)
        origins = [one.origin for one in list_lesson_revisions(session, SLUG, "find", "en")]
        assert origins == ["restore", "web", "web", "file"]
        publish_now(session, SLUG)
        assert open_lesson(session, SLUG, "find", "en").published == 4


def test_nobody_restores_in_review_or_without_the_right(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        write_lesson(session, SLUG, "find", SAID, "New.")
        ask_for_review(session, SLUG, "bo")
        with pytest.raises(Conflict):
            restore_lesson(session, SLUG, "find", "en", 1)
        with pytest.raises(NotFound):
            compare_lessons(session, SLUG, "find", "en", 1, 9)
    with reader(room, "acme") as session, pytest.raises(Forbidden):
        list_lesson_revisions(session, SLUG, "find", "en")


def test_a_translation_is_outdated_until_somebody_says_otherwise(room: Database) -> None:
    assert states(room) == {"en": "source", "zh-Hans": "current", "zh-Hant": "missing"}
    with as_writer(room, BO) as session:
        write_lesson(session, SLUG, "find", {**SAID, "minutes": 9}, "The slowest step decides.")
        publish_now(session, SLUG)
    # The minutes are every language's: none is outdated by them.
    assert states(room)["zh-Hans"] == "current"
    with as_writer(room, BO) as session:
        write_lesson(session, SLUG, "find", SAID, "The newest step decides.")
        publish_now(session, SLUG)
    assert states(room)["zh-Hans"] == "outdated"
    with as_writer(room, BO) as session:
        found = lesson_side_by_side(session, SLUG, "find", "zh-Hans")
        assert found.state.since == 1
        assert found.state.changed is not None
        assert not found.state.changed.empty
        assert found.fields[0] == ("title", "find (en)", "find (zh-Hans)")
        assert read_builder(session, SLUG).lessons[0].outdated == ("zh-Hans",)
        mark_lesson_current(session, SLUG, "find", "zh-Hans")
        assert read_builder(session, SLUG).lessons[0].outdated == ()
    assert states(room)["zh-Hans"] == "current"


def test_only_a_translation_of_what_is_read_can_be_current(room: Database) -> None:
    with as_writer(room, BO) as session:
        name = start_lesson(session, SLUG, "zh-Hans", "新")
        with pytest.raises(Conflict):
            mark_lesson_current(session, SLUG, name, "zh-Hans")
        for locale in ("en", "zh-Hant"):
            with pytest.raises(NotFound):
                mark_lesson_current(session, SLUG, "find", locale)
        with pytest.raises(NotFound):
            lesson_side_by_side(session, SLUG, "find", "en")


def test_what_an_old_revision_brings_along_is_kept(room: Database, tmp_path: Path) -> None:
    files = FileStore(str(tmp_path / "files"))
    with as_writer(room, BO) as session:
        kept, gone = (store_media(session, files, text, "txt") for text in (b"Kept.", b"Gone."))
        write_lesson(session, SLUG, "find", {**SAID, "file": file_address(kept)}, "Look.")
        publish_now(session, SLUG)
        write_lesson(session, SLUG, "find", {**SAID, "file": ""}, "Look.")
        publish_now(session, SLUG)
    with at(room, NOON + timedelta(days=99)) as session:
        assert sweep_files(session, files) == 1
    assert (files.read(kept), files.read(gone)) == (b"Kept.", None)
