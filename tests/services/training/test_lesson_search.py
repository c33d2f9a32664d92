"""Lessons in the search index: found as texts are, by whoever may read their course."""

from pathlib import Path

import pytest
from sqlalchemy import update

from portal.db import Database
from portal.domain.knowledge import LESSON
from portal.models import KnowledgeItem
from portal.search import Engine
from portal.services.knowledge_workflow import publish_now
from portal.services.search import Answer, Question, search_knowledge
from portal.services.search_index import FOLDER, follow, reindex
from portal.services.training.building import remove_lesson
from tests.courses import load_course, write_course, write_lesson
from tests.hub import fill, reader, writing


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / FOLDER)


@pytest.fixture
def hub(database: Database, tmp_path: Path, engine: Engine) -> Database:
    """A public course, and one for the vendor whose lessons speak of an albatross."""
    fill(database, tmp_path / "texts")
    for slug, audience, words in (
        ("open", "public", "让审批变快。"),
        ("inside", "vendor", "The albatross."),
    ):
        write_course(tmp_path / "courses", slug, audience=audience, quiz=False)
        lesson = tmp_path / "courses" / "courses" / slug / "01-find.en.md"
        lesson.write_text(lesson.read_text() + f"\n{words}\n")
    load_course(database, tmp_path / "courses")
    with writing(database) as session:
        reindex(session, engine)
    return database


def ask(hub: Database, engine: Engine, text: str, name: str = "acme") -> Answer:
    with reader(hub, name) as session:
        return search_knowledge(session, engine, Question(text, types=[LESSON]))


def urls(answer: Answer) -> set[str]:
    return {found.url for found in answer.found}


def test_it_is_found_as_texts_are(hub: Database, engine: Engine) -> None:
    both = {"/courses/open/lessons/find", "/courses/open/lessons/leave-out"}
    # Misspelt, as a sentence, and in a feature's name; inside a Chinese sentence.
    for words in ("slowset", "which of all the steps is the slowest one in it", "approval chains"):
        assert urls(ask(hub, engine, words)) == both, words
    answer = ask(hub, engine, "怎样让审批更快")
    line = answer.found[0].line
    said = (line.slug, line.title, line.summary, line.minutes)
    assert said == ("open/find", "find (en)", "Shorter approval chains (en)", 4)


def test_another_s_lesson_is_in_no_answer_count_or_suggestion(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    assert ask(hub, engine, "albtaross", "vendor").did_you_mean == "albatross"
    assert urls(ask(hub, engine, "albatross", "vendor")) == {"/courses/inside/lessons/find"}
    for asked in (engine, Engine(tmp_path / "no-index")):
        for words in ("albatross", "albtaross"):
            answer = ask(hub, asked, words)
            assert (answer.total, dict(answer.counts), answer.did_you_mean) == (0, {}, None)
        assert ask(hub, asked, "slowest").counts == {LESSON: 2}


def test_a_withdrawn_course_s_lessons_are_gone_at_once(hub: Database, engine: Engine) -> None:
    gone = update(KnowledgeItem).where(KnowledgeItem.slug == "open")
    with writing(hub) as session:
        session.execute(gone.values(state="archived", guarded_in=1000))
        session.commit()
    assert ask(hub, engine, "slowest").total == 0


def test_an_edited_lesson_is_followed_with_its_course(
    hub: Database, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"title": "Look for waits", "minutes": 4}
    with writing(hub) as session:
        before = engine.changes()
        write_lesson(session, "open", "find", fields, "The walrus.")
        publish_now(session, "open")
        monkeypatch.setattr(Engine, "rebuild", None)
        assert follow(session, engine, tmp_path)
        assert not follow(session, engine, tmp_path)
    after = engine.changes()
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"open", "open/find", "open/leave-out"}
    assert urls(ask(hub, engine, "walrus")) == {"/courses/open/lessons/find"}


def test_a_removed_lesson_is_gone_before_and_after(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    with writing(hub) as session:
        remove_lesson(session, "open", "find")
    assert ask(hub, engine, "slowest").total == 2
    with writing(hub) as session:
        publish_now(session, "open")
    assert ask(hub, engine, "slowest").total == 0
    with writing(hub) as session:
        assert follow(session, engine, tmp_path)
    assert urls(ask(hub, engine, "slowest")) == {"/courses/open/lessons/leave-out"}
