"""Lessons and quizzes in, all or nothing, with the rest of the hub; the same files out."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.domain.errors import Invalid
from portal.models import Course, CourseLesson, CourseQuestion, KnowledgeItem, LessonText
from portal.services.content_conflicts import ContentConflict
from portal.services.content_files import export_content, load_content
from portal.services.knowledge_workflow import publish_now
from tests.courses import SLUG, load_course, write_course, write_lesson
from tests.hub import writing

ALL = ("en", "zh-Hans", "zh-Hant")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_course_goes_in_and_comes_out_byte_for_byte(database: Database, tmp_path: Path) -> None:
    write_course(tmp_path / "in", locales=ALL, own_words=True)
    report = load_course(database, tmp_path / "in")
    assert (report.added, report.courses) == (3, (SLUG,))
    with writing(database) as session:
        assert export_content(session, tmp_path / "out") == 12
    assert contents(tmp_path / "out") == contents(tmp_path / "in")
    again = load_course(database, tmp_path / "out")
    assert (again.added, again.changed, again.courses) == (0, 0, ())


def test_a_changed_folder_keeps_the_lessons_of_the_same_name(
    database: Database, tmp_path: Path
) -> None:
    write_course(tmp_path)
    load_course(database, tmp_path)
    with writing(database) as session:
        before = dict(session.execute(select(CourseLesson.slug, CourseLesson.id)).all())
    place = tmp_path / "courses" / SLUG
    (place / "01-find.en.md").rename(place / "03-find.en.md")
    (place / "02-leave-out.en.md").unlink()
    assert load_course(database, tmp_path).courses == (SLUG,)
    with writing(database) as session:
        rows = session.execute(select(CourseLesson.slug, CourseLesson.id, CourseLesson.position))
        assert [tuple(row) for row in rows] == [("find", before["find"], 3)]
        assert session.scalar(select(func.count(LessonText.id))) == 1


def test_only_another_question_makes_it_another_quiz(database: Database, tmp_path: Path) -> None:
    write_course(tmp_path)
    load_course(database, tmp_path)
    quiz = tmp_path / "courses" / SLUG / "quiz.en.yaml"
    for old, new, revision in (
        ("At the longest wait", "At the longest wait of all", 2),
        ("wrong: Reminders", "right: Reminders", 3),
    ):
        quiz.write_text(quiz.read_text().replace(old, new))
        assert load_course(database, tmp_path).courses == (SLUG,)
        with writing(database) as session:
            assert session.scalar(select(Course.revision)) == revision


@pytest.mark.parametrize(
    ("file", "change", "member"),
    [
        ("01-find.en.md", ("minutes: 4", "minutes: many"), "01-find.en.md: minutes"),
        ("01-find.zh-Hans.md", ("minutes: 4", "minutes: 9"), "01-find.zh-Hans.md"),
        ("quiz.en.yaml", ("kind: single", "kind: odd"), "quiz.en.yaml: question 1, kind"),
        ("quiz.zh-Hans.yaml", ("wrong: Rem", "right: Rem"), "quiz.zh-Hans.yaml"),
        ("02-leave-out.en.md", ("The slowest", "x\n# The"), "02-leave-out.en.md: body"),
    ],
)
def test_one_wrong_file_and_nothing_is_loaded(
    sqlite_database: Database, tmp_path: Path, file: str, change: tuple[str, str], member: str
) -> None:
    write_course(tmp_path, locales=("en", "zh-Hans"))
    path = tmp_path / "courses" / SLUG / file
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(Invalid) as refusal:
        load_course(sqlite_database, tmp_path)
    assert list(refusal.value.fields) == [f"courses/{SLUG}/{member}"]
    with writing(sqlite_database) as session:
        assert session.scalar(select(func.count(KnowledgeItem.id))) == 0
        assert session.scalar(select(func.count(CourseQuestion.id))) == 0


def test_a_folder_without_its_page_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    write_course(tmp_path)
    write_course(tmp_path, "no-page")
    (tmp_path / "courses" / "no-page.en.md").unlink()
    with pytest.raises(Invalid) as refusal:
        load_course(sqlite_database, tmp_path)
    assert list(refusal.value.fields) == ["courses/no-page"]


def test_a_number_taken_twice_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    write_course(tmp_path)
    place = tmp_path / "courses" / SLUG
    (place / "01-other.en.md").write_text((place / "01-find.en.md").read_text())
    with pytest.raises(Invalid) as refusal:
        load_course(sqlite_database, tmp_path)
    assert list(refusal.value.fields) == [f"courses/{SLUG}/01-other.en.md"]


def edit_here(database: Database, minutes: int = 9) -> None:
    """As an editor on the web does."""
    with writing(database) as session:
        fields = {"title": "Here", "minutes": minutes}
        write_lesson(session, SLUG, "find", fields, "Edited here.")
        publish_now(session, SLUG)


def edit_file(folder: Path) -> None:
    lesson = folder / "courses" / SLUG / "01-find.en.md"
    lesson.write_text(lesson.read_text().replace("The slowest step", "In the file the slowest"))


def bodies(database: Database) -> set[str]:
    with writing(database) as session:
        return set(session.scalars(select(LessonText.body)))


def test_what_is_edited_here_alone_stays_and_is_named(
    sqlite_database: Database, tmp_path: Path
) -> None:
    write_course(tmp_path)
    load_course(sqlite_database, tmp_path)
    edit_here(sqlite_database)
    report = load_course(sqlite_database, tmp_path)
    assert (report.courses, report.newer) == ((), (f"courses/{SLUG}",))
    assert "Edited here.\n" in bodies(sqlite_database)


@pytest.mark.parametrize(
    ("side", "stays"),
    [("ours", "Edited here.\n"), ("theirs", "In the file the slowest decides.\n")],
)
def test_what_both_have_edited_is_a_conflict_until_a_side_is_taken(
    sqlite_database: Database, tmp_path: Path, side: str, stays: str
) -> None:
    write_course(tmp_path)
    load_course(sqlite_database, tmp_path)
    edit_here(sqlite_database)
    edit_file(tmp_path)
    with pytest.raises(ContentConflict) as refusal:
        load_course(sqlite_database, tmp_path)
    (conflict,) = refusal.value.conflicts
    assert (conflict.path, conflict.differs) == (f"courses/{SLUG}", ("01-find.en.md",))
    assert "Edited here.\n" in bodies(sqlite_database)
    with writing(sqlite_database) as session:
        load_content(session, tmp_path, side)
    assert stays in bodies(sqlite_database)
    assert load_course(sqlite_database, tmp_path).courses == ()
