"""Following the change log: only what changed is cut into words, whatever changed."""

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from portal.db import Database
from portal.models import KnowledgeItem
from portal.search import Engine
from portal.services import search_index
from portal.services.content_files import load_content
from portal.services.knowledge_texts import raise_change
from portal.services.search import Question, search_knowledge
from portal.services.search_index import FOLDER, follow, index_state, reindex
from portal.services.search_words import add_words
from tests.hub import TEXTS, fill, reader, write_text, writing


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / FOLDER)


@pytest.fixture
def hub(database: Database, tmp_path: Path, engine: Engine) -> Database:
    fill(database, tmp_path / "texts")
    with writing(database) as session:
        reindex(session, engine)
    return database


def _found(hub: Database, engine: Engine, text: str) -> set[str]:
    with reader(hub, "admin") as session:
        answer = search_knowledge(session, engine, Question(text))
        assert (answer.plain, answer.behind) == (False, False)
        assert answer.total == len(answer.found)
        return {found.line.slug for found in answer.found}


def _never(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(f"{name} is not what was needed")

    monkeypatch.setattr(Engine, name, refuse)


def test_a_change_is_followed_without_a_rebuild(
    hub: Database, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _never(monkeypatch, "rebuild")
    write_text(tmp_path / "texts", "for-acme", "public", body="The walrus.\n")
    write_text(tmp_path / "texts", "fresh", "public", locale="zh-Hans")
    with writing(hub) as session:
        load_content(session, tmp_path / "texts")
        assert follow(session, engine, tmp_path)
        assert index_state(session, tmp_path).late == 0
    assert _found(hub, engine, "walrus") == {"for-acme"}
    assert _found(hub, engine, "企鹅") == {"fresh"}
    assert _found(hub, engine, "penguin") == set(TEXTS)


def test_what_is_withdrawn_or_deleted_leaves_the_index(
    hub: Database, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _never(monkeypatch, "rebuild")
    with writing(hub) as session:
        session.execute(
            update(KnowledgeItem).where(KnowledgeItem.slug == "for-acme").values(state="archived")
        )
        session.execute(delete(KnowledgeItem).where(KnowledgeItem.slug == "for-globex"))
        raise_change(session)
        assert follow(session, engine, tmp_path)
        session.commit()
    assert set(engine.changes()) == set(TEXTS) - {"for-acme", "for-globex"}
    assert _found(hub, engine, "penguin") == set(engine.changes())


def test_a_number_alone_is_followed_too(
    hub: Database, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that the index holds has changed, as where a draft was saved."""
    _never(monkeypatch, "rebuild")
    with writing(hub) as session:
        raise_change(session)
        assert follow(session, engine, tmp_path)
        session.commit()
    assert _found(hub, engine, "penguin") == set(TEXTS)


def test_words_that_are_taught_reach_the_index_without_a_rebuild(
    hub: Database, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _never(monkeypatch, "rebuild")
    assert _found(hub, engine, "seabird") == set()
    with writing(hub) as session:
        add_words(session, "synonym", "seabird; penguin")
        assert follow(session, engine, tmp_path)
        session.commit()
    assert _found(hub, engine, "seabird") == set(TEXTS)


def test_many_changes_at_once_are_built_anew(
    hub: Database, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "MOST_REPLACED", 2)
    _never(monkeypatch, "revise")
    for slug in TEXTS:
        write_text(tmp_path / "texts", slug, TEXTS[slug], body="The walrus.\n")
    with writing(hub) as session:
        load_content(session, tmp_path / "texts")
        assert follow(session, engine, tmp_path)
    assert _found(hub, engine, "walrus") == set(TEXTS)


def test_the_state_names_number_lateness_and_size(hub: Database, tmp_path: Path) -> None:
    with writing(hub) as session:
        found = index_state(session, tmp_path)
        assert (found.number, found.late, found.texts) == (found.newest, 0, len(TEXTS))
        assert found.bytes > 5_000
        next(tmp_path.glob("search/*/generation-*/arrays.bin")).write_bytes(b"")
        found = index_state(session, tmp_path)
        assert (found.number, found.texts, found.late) == (None, 0, found.newest)
